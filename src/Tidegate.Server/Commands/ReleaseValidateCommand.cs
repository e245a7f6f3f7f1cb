using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.Drivers.Catalog;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate release validate</c>.</summary>
internal sealed class ReleaseValidateCommand
{
    private const string Text = """
        Judge a release by its files, before it is built: manifests, versions, dependencies, migration scripts, data, fields, Python, secrets.

        Example:
          tidegate release validate --core /opt/odoo-19 --addons ./addons --from 2026.11.1

        Runs nothing of the modules. Folders need no control plane. A NAME is a registered release: the control plane judges
        the bundle in its own store and keeps the report with the release; --home judges a release of that store here.
        With --from, what changes is judged too, and a class from A to E is proposed. docs/gates.md explains every code.
        Exit code 0: no error-level finding; 3: at least one.
        """;

    private readonly Option<DirectoryInfo?> home = ReleaseCommand.OwnStoreOption();
    private readonly Option<bool> json = JsonOption.Create();
    private readonly Argument<string?> name = new("name")
    {
        Description = "A registered release, or one of the store of --home, in place of folders.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<DirectoryInfo?> core = new("--core")
    {
        Description = "An unpacked package of Odoo, or a checkout.",
    };
    private readonly Option<DirectoryInfo[]> addons = new("--addons")
    {
        Description = "Folders that hold modules.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> from = new("--from")
    {
        Description =
            "The release before: a name, or where folders are judged a bundle's tree or a folder of addons on the same core.",
    };
    private readonly Option<bool> all = new("--all")
    {
        Description = "Show warnings and notes about Odoo's own modules too.",
    };
    private readonly Option<DirectoryInfo> cache = CacheOption.Create();

    public static Command Create(TimeProvider clock)
    {
        var verb = new ReleaseValidateCommand();
        var command = new Command("validate", Text)
        {
            verb.name,
            verb.core,
            verb.addons,
            verb.from,
            verb.home,
            verb.cache,
            verb.all,
            verb.json,
        };
        command.SetAction((result, token) => verb.RunAsync(result, clock, token));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (IsRegistered(result))
        {
            var follower = new ValidationFollower(result, result.GetValue(json), result.GetValue(all));
            return await follower.RunAsync(result.GetValue(name)!, result.GetValue(from), cancellationToken);
        }

        var error = result.Error();
        var places = new ReleasePlaces(ReleaseCommand.StoreOf(result.GetValue(home)));
        var (place, wrong) = places.Of(
            result.GetValue(name),
            result.GetValue(core)?.FullName,
            [.. (result.GetValue(addons) ?? []).Select(folder => folder.FullName)]
        );
        ReleasePlace? before = null;
        if (place is not null && result.GetValue(from) is { } earlier)
        {
            (before, wrong) = places.Before(earlier, place);
        }

        if (wrong is not null)
        {
            error.WriteLine($"error: {wrong.Message}");
            return wrong.ExitCode;
        }

        try
        {
            var reader = new ReleaseFactsReader(new ModuleInspector(), result.GetRequiredValue(cache).FullName, clock);
            var validation = await new ReleaseValidator(reader).ValidateAsync(
                place!,
                before,
                error.WriteLine,
                cancellationToken
            );
            return Write(result, ValidationReports.Of(validation), result.GetValue(json), result.GetValue(all));
        }
        catch (IOException machine)
        {
            // The disk, or an interpreter that is not there: the operator's to clear.
            error.WriteLine($"error: {machine.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>The report, and the exit code that it stands for.</summary>
    internal static int Write(ParseResult parsed, ValidationReport report, bool json, bool all)
    {
        if (json)
        {
            ReleaseCommand.WriteJson(parsed.Output(), report);
        }
        else
        {
            ValidationText.Write(parsed.Output(), report, all);
        }

        return report.Errors > 0 ? ExitCodes.Blocked : ExitCodes.Done;
    }

    private bool IsRegistered(ParseResult parsed) =>
        parsed.GetValue(name) is not null
        && parsed.GetValue(home) is null
        && parsed.GetValue(core) is null
        && parsed.GetValue(addons) is null or [];
}
