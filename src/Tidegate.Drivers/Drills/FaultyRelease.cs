using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Rehearsals;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Drills;

/// <summary>The tenant's own release with one mistake in it, made for a drill: its folder is the job's, and no store has it.</summary>
/// <param name="Module">The module that has the mistake: one on which no other installed module depends.</param>
internal sealed partial record FaultyRelease(ReleaseRef Release, string Module, ReleaseOverlay Overlay)
{
    // What is compiled beside the sources would be run in the place of what is changed here.
    private const string Compiled = "__pycache__";

    /// <summary>Its module cannot be imported: no worker loads the shop.</summary>
    /// <exception cref="JobFailedException">The tenant has no module that it could be in.</exception>
    public static async Task<FaultyRelease> ThatDoesNotLoadAsync(
        RehearsalHome home,
        UpgradeTarget target,
        CancellationToken cancellationToken
    )
    {
        var (faulty, folder, _) = await MakeAsync(home, target, "does not load", cancellationToken);
        await File.AppendAllTextAsync(
            Path.Join(folder, "__init__.py"),
            "\nraise RuntimeError('A drill of Tidegate: this release does not load.')\n",
            cancellationToken
        );
        return faulty;
    }

    /// <summary>Its module is a version newer, and the migration to that dates every row of the tables a year back, without an error.</summary>
    /// <inheritdoc cref="ThatDoesNotLoadAsync" path="/exception" />
    public static async Task<FaultyRelease> ThatDamagesAsync(
        RehearsalHome home,
        UpgradeTarget target,
        IReadOnlyCollection<string> tables,
        CancellationToken cancellationToken
    )
    {
        var (faulty, folder, version) = await MakeAsync(home, target, "damages rows", cancellationToken);
        var next = Next(version);
        var manifest = ManifestOf(folder);
        AtomicFile.Write(
            manifest,
            Version().Replace(await File.ReadAllTextAsync(manifest, cancellationToken), $"${{key}}'{next}'", count: 1),
            home.User
        );
        var script = Path.Join(folder, "migrations", next, "post-tidegate-drill.py");
        Folder.Readable(Path.Join(folder, "migrations"));
        Folder.Readable(Path.GetDirectoryName(script)!);
        AtomicFile.Write(
            script,
            $$"""
            TABLES = {{JsonSerializer.Serialize(tables)}}


            def migrate(cr, version):
                for table in TABLES:
                    cr.execute(f'UPDATE "{table}" SET create_date = create_date - interval \'1 year\'')

            """,
            home.User
        );
        return faulty;
    }

    private static async Task<(FaultyRelease Release, string Folder, string Version)> MakeAsync(
        RehearsalHome home,
        UpgradeTarget target,
        string fault,
        CancellationToken cancellationToken
    )
    {
        var places = ReleaseTree.Find(home.Site, target.From.Digest).AddonsPaths;
        foreach (var (module, version) in await LeavesAsync(home, target.Database, cancellationToken))
        {
            if (
                places.Select(place => Path.Join(place, module)).FirstOrDefault(place => File.Exists(ManifestOf(place)))
                    is not { } place
                || !Version().IsMatch(await File.ReadAllTextAsync(ManifestOf(place), cancellationToken))
            )
            {
                continue;
            }

            var addons = Path.Join(home.Inside.Home, "faulty");
            var folder = Path.Join(addons, module);
            Folder.Readable(addons);
            Copy(new(place), folder, cancellationToken);
            return (
                new(
                    new($"{target.From.Name}, which {fault}", DigestOf(target.From, fault)),
                    module,
                    new(target.From, addons)
                ),
                folder,
                version
            );
        }

        throw new JobFailedException(
            $"{target.Tenant} has no module of its release {target.From.Name} in which a mistake could be made."
        );
    }

    /// <summary>Installed modules on which no other one depends, what people chose before what came by itself, with their versions.</summary>
    private static async Task<ImmutableArray<(string Module, string Version)>> LeavesAsync(
        RehearsalHome home,
        string database,
        CancellationToken cancellationToken
    )
    {
        await using var session = await home.Postgres.OpenAsync(database, SitePostgres.Superuser, cancellationToken);
        return await session.QueryAsync(
            """
            select m.name::text, m.latest_version::text from ir_module_module m
             where m.state = 'installed' and m.latest_version ~ '^[0-9]+[.][0-9]+[.][0-9]+[.][0-9.]+$'
               and not exists (select from ir_module_module_dependency d join ir_module_module u on u.id = d.module_id
                                where d.name = m.name and u.state = 'installed')
             order by m.auto_install, m.name
            """,
            [],
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken
        );
    }

    /// <summary>The series and a higher first number of the module's own.</summary>
    private static string Next(string version)
    {
        var parts = version.Split('.');
        var own = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) + 1;
        return FormattableString.Invariant($"{parts[0]}.{parts[1]}.{own}.0");
    }

    private static void Copy(DirectoryInfo from, string to, CancellationToken cancellationToken)
    {
        Folder.Readable(to);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var place = Path.Join(to, entry.Name);
            if (entry is FileInfo file)
            {
                file.CopyTo(place);
                // A bundle's files are nobody's to write.
                File.SetUnixFileMode(place, file.UnixFileMode | UnixFileMode.UserWrite);
            }
            else if (entry is DirectoryInfo folder && folder.Name != Compiled)
            {
                Copy(folder, place, cancellationToken);
            }
        }
    }

    private static ReleaseDigest DigestOf(ReleaseRef release, string fault) =>
        ReleaseDigest.Create(
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{release.Digest} {fault}")))}"
        );

    private static string ManifestOf(string module) => Path.Join(module, "__manifest__.py");

    [GeneratedRegex(
        @"(?<key>['""]version['""]\s*:\s*)(?<text>'[^'\n]*'|""[^""\n]*"")",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Version();
}
