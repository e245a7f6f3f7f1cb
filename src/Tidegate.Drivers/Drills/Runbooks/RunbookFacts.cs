using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Tidegate.Drivers.Backups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Drills.Runbooks;

/// <summary>What a runbook needs to know of a site: read from its home, without any process of it.</summary>
public sealed partial class RunbookFacts
{
    // Who acts for the owner of the cluster's files: a command with its arguments, not one word.
    private const string As = "as";

    private readonly FrozenDictionary<string, string> facts;

    private RunbookFacts(SiteLayout layout, string site, string binaries, string? owner) =>
        facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["site"] = site,
            ["home"] = layout.Home,
            ["data"] = layout.PostgresData,
            ["socket"] = layout.PostgresSocket,
            ["port"] = SiteLayout.PostgresPort.ToString(CultureInfo.InvariantCulture),
            ["log"] = Path.Combine(layout.PostgresLog, "postgres.log"),
            ["serverLog"] = layout.ServerLog,
            ["gateway"] = layout.GatewaySocket,
            ["python"] = SystemPython.Path,
            ["superuser"] = SitePostgres.Superuser,
            ["control"] = DatabaseNames.ControlDatabase,
            ["controlRole"] = DatabaseNames.ControlRole,
            ["config"] = layout.BackupConfiguration,
            ["repository"] = layout.BackupRepository,
            ["passphrase"] = layout.BackupPassphrase,
            ["stanza"] = PgBackRest.Stanza,
            ["pgbackrest"] = PgBackRest.Program ?? "pgbackrest",
            ["binaries"] = binaries,
            ["side"] = Path.Combine(layout.WorkFolder, "by-hand"),
            ["owner"] = owner ?? Environment.UserName,
            [As] = owner is null ? "env" : $"runuser -u {owner} --",
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names that a runbook may use.</summary>
    public IEnumerable<string> Names => facts.Keys;

    /// <summary>Null where the folder is no home of a site.</summary>
    public static RunbookFacts? Read(SiteLayout layout) =>
        SiteOptions.Read(layout) is { } options
            ? new(layout, options.Name, options.PostgresBinaries, Native.IsRoot ? OsUser.Postgres : null)
            : null;

    /// <summary>Words in capitals in the place of facts: of no site.</summary>
    public static RunbookFacts Unknown { get; } = new(new SiteLayout("/HOME"), "SITE", "/BINARIES", OsUser.Postgres);

    /// <param name="isWord">Whether it stands among commands, where it must be one word of a shell.</param>
    /// <exception cref="KeyNotFoundException">There is no such fact.</exception>
    public string Of(string name, bool isWord) =>
        !isWord || name == As || Plain().IsMatch(facts[name])
            ? facts[name]
            : $"'{facts[name].Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[A-Za-z0-9_@%+=:,./-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
