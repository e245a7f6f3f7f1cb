using System.CommandLine;
using Tidegate.Cli;
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

        Needs no control plane and runs nothing of the modules. A NAME judges a release of the store in place of folders.
        With --from, what changes is judged too, and a class from A to E is proposed. docs/gates.md explains every code.
        Exit code 0: no error-level finding; 3: at least one.
        """;

    private readonly Option<DirectoryInfo> home = ReleaseCommand.StoreOption();
    private readonly Option<bool> json = JsonOption.Create();
    private readonly Argument<string?> name = new("name")
    {
        Description = "A release of the store, in place of folders.",
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
            "The release before: a name in the store, a bundle's tree, or a folder of addons on the same core.",
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
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var places = new ReleasePlaces(ReleaseCommand.Store(result.GetRequiredValue(home)));
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
            if (result.GetValue(json))
            {
                ValidationReport.WriteJson(output, validation);
            }
            else
            {
                ValidationReport.Write(output, validation, result.GetValue(all));
            }

            return validation.Errors > 0 ? ExitCodes.Blocked : ExitCodes.Done;
        }
        catch (IOException machine)
        {
            // The disk, or an interpreter that is not there: the operator's to clear.
            error.WriteLine($"error: {machine.Message}");
            return ExitCodes.Failed;
        }
    }
}
