using System.Diagnostics;
using System.Globalization;

namespace Tidegate.IntegrationTests.Fixtures;

/// <summary>Runs PostgreSQL's programs; as the OS user <c>postgres</c> where the tests run as root, which PostgreSQL refuses.</summary>
internal static class PostgresTools
{
    public const string User = "postgres";

    public static bool RunsAsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Where Debian keeps a version's programs; <c>TIDEGATE_POSTGRES_BIN</c> names another folder.</summary>
    public static string Binary(string name) =>
        Path.Combine(Environment.GetEnvironmentVariable("TIDEGATE_POSTGRES_BIN") ?? "/usr/lib/postgresql/15/bin", name);

    public static Task RunAsServerAsync(string program, IReadOnlyList<string> arguments)
    {
        var (file, all) = AsServer(program, arguments);
        return RunAsync(file, [.. all]);
    }

    public static Process StartAsServer(string program, IReadOnlyList<string> arguments)
    {
        var (file, all) = AsServer(program, arguments);
        var process = Process.Start(Quiet(file, all))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Quiet(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await output}{errors}");
    }

    /// <summary>The processes whose parent is <paramref name="parent"/> now.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(folder =>
                    int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0
                )
                .Where(id => id > 0 && ParentOf(id) == parent),
        ];

    /// <summary>A process's command line as it is now; empty when it ended.</summary>
    public static string TitleOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
        }
        catch (ArgumentException)
        {
            // ended by itself when its parent died
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            // pid (name) state ppid …; the name may hold spaces and parentheses
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended meanwhile
        }
    }

    private static (string File, IReadOnlyList<string> Arguments) AsServer(
        string program,
        IReadOnlyList<string> arguments
    ) =>
        RunsAsRoot
            ? ("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", program, .. arguments])
            : (program, arguments);

    private static ProcessStartInfo Quiet(string program, IReadOnlyList<string> arguments) =>
        new(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
}
