using System.Globalization;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>PostgreSQL's programs that read and write dumps, of a version that fits the server.</summary>
internal sealed partial record PostgresTool(string Folder)
{
    public string PgDump => Path.Join(Folder, "pg_dump");

    public string PgRestore => Path.Join(Folder, "pg_restore");

    /// <summary>The programs that the site's own server came with.</summary>
    public static PostgresTool Of(SiteLayout layout) =>
        new(
            SiteOptions.Read(layout)?.PostgresBinaries
                ?? PostgresBinaries.Find()
                ?? throw new JobFailedException(
                    "PostgreSQL's programs are not on this machine; apt-get install postgresql-client of the server's version."
                )
        );

    /// <summary>A dump by an older client than the server fails late, or restores with errors.</summary>
    /// <param name="server">Major version of the server.</param>
    /// <exception cref="JobFailedException">The programs are missing or older than the server.</exception>
    public async Task RequireAsync(int server, CancellationToken cancellationToken)
    {
        foreach (var program in (string[])[PgDump, PgRestore])
        {
            var version = await MajorAsync(program, cancellationToken);
            if (version < server)
            {
                throw new JobFailedException(
                    $"{program} is of PostgreSQL {version} and the server of {server}: a client must be of the server's version or later. Install postgresql-client-{server}, or set {PostgresBinaries.Variable} to its folder."
                );
            }
        }
    }

    /// <summary>Arguments that lead to a cluster.</summary>
    public static IEnumerable<string> To(SitePostgres site, string role) =>
        [
            $"--host={site.SocketDirectory}",
            $"--port={site.Port.ToString(CultureInfo.InvariantCulture)}",
            $"--username={role}",
            "--no-password",
        ];

    private static async Task<int> MajorAsync(string program, CancellationToken cancellationToken)
    {
        if (!File.Exists(program))
        {
            throw new JobFailedException($"{program} is not there; install the package postgresql-client.");
        }

        var answer = await Tool.RunAsync(program, ["--version"], cancellationToken);
        return Version().Match(answer.Output) is { Success: true } match
            ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new JobFailedException($"{program} does not tell its version: {answer.Complaint}");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
