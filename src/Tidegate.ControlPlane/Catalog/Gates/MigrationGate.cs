using System.Collections.Frozen;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Modules;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Migration scripts lie where Odoo looks, are called what it calls, and have a version at which they run.</summary>
internal static class MigrationGate
{
    private static readonly GateRule FolderIgnored = new(
        "migration-directory-ignored",
        Severity.Error,
        "A folder of migration scripts whose name the series does not run",
        "Its scripts never run, and nothing says so: the data stays as it was.",
        "Name it by the whole version, series first: migrations/19.0.1.1.0."
    );

    private static readonly GateRule NeverRuns = new(
        "migration-never-runs",
        Severity.Error,
        "A script whose version no update passes through",
        "A script runs when the installed version is below its folder's and the module's new version is not.",
        "Raise the module's version to the folder's, or name the folder by the version that this release brings."
    );

    private static readonly GateRule FileIgnored = new(
        "migration-file-ignored",
        Severity.Error,
        "A file among migration scripts that Odoo does not run: no pre-, post- or end- before its name, no .py, or a folder too high",
        "It never runs, and nothing says so.",
        "Call it pre-…, post-… or end-….py (with a hyphen), inside the folder of its version."
    );

    private static readonly GateRule NoMigrate = new(
        "migration-no-migrate",
        Severity.Error,
        "A script without a function migrate",
        "Up to Odoo 17 the update goes on and ends with exit code 0; later it stops in the middle.",
        "Write def migrate(cr, version):"
    );

    private static readonly GateRule Signature = new(
        "migration-signature",
        Severity.Error,
        "A function migrate that cannot be called with (cr, version)",
        "The update stops in the middle.",
        "Write def migrate(cr, version): with exactly these two names; from Odoo 18 on others are refused."
    );

    private const int FirstSeriesWithShortNames = 17;
    private const int FirstSeriesWithNamedParameters = 18;

    private static readonly string[] Stages = ["pre-", "post-", "end-"];

    private static readonly FrozenSet<string> Misspelt = FrozenSet.ToFrozenSet(
        ["migration", "upgrade", "Migrations", "Upgrades", "migrate", "migrations_", "upgrade_scripts"],
        StringComparer.Ordinal
    );

    public static StaticGate Gate { get; } =
        new("migration scripts", [FolderIgnored, NeverRuns, FileIgnored, NoMigrate, Signature], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        input.Release.Modules.Values.SelectMany(module =>
            module
                .Facts.Migrations.SelectMany(script => JudgeFile(module, script, input))
                .Concat(MisspeltFolders(module))
        );

    private static IEnumerable<Finding> JudgeFile(ModuleView module, MigrationFact script, GateInput input)
    {
        var parts = script.File.Split('/');
        var name = parts[^1];
        if (name is "__init__.py" || !IsScript(name))
        {
            return [];
        }

        if (parts.Length != 3)
        {
            return script.Migrate is "none"
                ? []
                : [FileIgnored.In(module, script.File, 1, "it does not lie directly in the folder of a version")];
        }

        return JudgeFolder(module, script, parts[1], input)
            .Concat(JudgeScript(module, script, name, input.Release.Core));
    }

    private static IEnumerable<Finding> JudgeFolder(
        ModuleView module,
        MigrationFact script,
        string folder,
        GateInput input
    )
    {
        var series = input.Release.Core.Series;
        if (Ignored(folder, series) is { } why)
        {
            return [FolderIgnored.In(module, script.File, 1, $"Odoo {series} runs nothing in {folder}: {why}")];
        }

        if (folder is "0.0.0" || MigrationVersion.Of(folder, series) is not { } version)
        {
            return [];
        }

        if (version.IsAbove(module.Module.Version))
        {
            return
            [
                NeverRuns.In(
                    module,
                    script.File,
                    1,
                    $"the folder is {folder}, and the module's version is only {module.Module.Version}"
                ),
            ];
        }

        return
            input.Earlier(module) is { } before
            && !before.Facts.Migrations.Any(other => string.Equals(other.File, script.File, StringComparison.Ordinal))
            && !version.IsAbove(before.Module.Version)
            ?
            [
                NeverRuns.In(
                    module,
                    script.File,
                    1,
                    $"it is new, but the release before already has version {before.Module.Version}, which is not below {folder}"
                ),
            ]
            : [];
    }

    /// <summary>Why the series runs nothing in a folder of that name; null when it does.</summary>
    private static string? Ignored(string folder, string series)
    {
        var hasShortNames = MigrationVersion.Major(series) >= FirstSeriesWithShortNames;
        return MigrationVersion.IsName(folder) is false && hasShortNames
                ? "it is no version of two or three numbers, with or without a series before"
            : MigrationVersion.Of(folder, series) is null ? "it is no version"
            : !hasShortNames && folder is not "0.0.0" && folder.Count(letter => letter == '.') == 2
                ? "it takes three numbers for a whole version, which is below every installed one"
            : MigrationVersion.SeriesOf(folder) is { } other && MigrationVersion.IsLater(other, series)
                ? $"it belongs to series {other}"
            : null;
    }

    private static IEnumerable<Finding> JudgeScript(ModuleView module, MigrationFact script, string name, OdooCore core)
    {
        var isStage = Stages.Any(stage => name.StartsWith(stage, StringComparison.Ordinal));
        if (!isStage || !name.EndsWith(".py", StringComparison.Ordinal))
        {
            // Without migrate it may be what the scripts share.
            return isStage || script.Migrate is not "none" || LooksStaged(name)
                ? [FileIgnored.In(module, script.File, 1, $"Odoo does not run a file called {name}")]
                : [];
        }

        if (module.Facts.Problems.Any(problem => string.Equals(problem.File, script.File, StringComparison.Ordinal)))
        {
            return [];
        }

        return script.Migrate switch
        {
            "none" => [NoMigrate.In(module, script.File, 1, "it has no function migrate")],
            "function" when WrongParameters(script.Parameters, core.Series) is { } given =>
            [
                Signature.In(module, script.File, script.Line, $"migrate has the parameters ({given})"),
            ],
            _ => [],
        };
    }

    private static string? WrongParameters(ImmutableArray<string> parameters, string series)
    {
        var given = parameters.IsDefault ? [] : parameters;
        var names = given.Select(name => name.TrimEnd('=')).ToList();
        var fits =
            MigrationVersion.Major(series) >= FirstSeriesWithNamedParameters
                ? names is ["cr" or "_cr", "version" or "_version"]
                : names.Count(name => !name.StartsWith('*')) == 2
                    || names.Any(name => name is ['*', not '.' and not '*', ..]);
        return fits ? null : string.Join(", ", given);
    }

    private static IEnumerable<Finding> MisspeltFolders(ModuleView module) =>
        module
            .Files.Where(file =>
                file.Path.Split('/') is [var root, var version, var name]
                && Misspelt.Contains(root)
                && MigrationVersion.IsName(version)
                && IsScript(name)
            )
            .Select(file =>
                FolderIgnored.In(
                    module,
                    file.Path,
                    1,
                    $"Odoo looks into migrations and upgrades, not into {file.Path.Split('/')[0]}"
                )
            );

    private static bool LooksStaged(string name) =>
        name.StartsWith("pre", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("post", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("end", StringComparison.OrdinalIgnoreCase);

    private static bool IsScript(string name) =>
        name.EndsWith(".py", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".sql", StringComparison.OrdinalIgnoreCase);
}
