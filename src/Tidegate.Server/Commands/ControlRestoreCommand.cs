using System.CommandLine;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.ControlBackups;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate control restore</c>: a control plane from its backup into a home that has none.</summary>
internal static class ControlRestoreCommand
{
    private const string Text = """
        Restore the control plane into a home that has none: its database, the documents of its releases, bundles of the repositories that it followed

        The home needs objects.json and the secrets that this names (and backup-key where backups are encrypted) first.

        Example: tidegate control restore --home /srv/tidegate
        """;

    public static Command Create()
    {
        var home = new Option<DirectoryInfo>("--home") { Description = "The new home folder", Required = true };
        var backup = new Option<string?>("--backup") { Description = "The backup's id (default: the newest)" };
        var list = new Option<bool>("--list") { Description = "Only list the backups there are, the newest first" };
        var json = JsonOption.Create();
        var command = new Command("restore", Text) { home, backup, list, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var layout = new SiteLayout(Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(home).FullName));
                try
                {
                    var restore = new ControlRestore(
                        layout,
                        ObjectPlace.Read(layout).Open(layout, TimeProvider.System),
                        TimeProvider.System
                    );
                    return parsed.GetValue(list)
                        ? await ListAsync(parsed, restore, parsed.GetValue(json), cancellationToken)
                        : await RestoreAsync(
                            parsed,
                            layout,
                            restore,
                            (parsed.GetValue(backup), parsed.GetValue(json)),
                            cancellationToken
                        );
                }
                catch (Exception wrong) when (wrong is JobFailedException or ObjectPlaceException)
                {
                    throw new ProblemException(new(ProblemCodes.Blocked, wrong.Message));
                }
                catch (ProcessStartException wrong)
                {
                    throw new ProblemException(
                        new(ProblemCodes.Failed, wrong.Message, "put that right and give the command again.")
                    );
                }
            }
        );
        return command;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed,
        ControlRestore restore,
        bool json,
        CancellationToken cancellationToken
    )
    {
        var ids = await restore.ListAsync(cancellationToken);
        if (json)
        {
            parsed.WriteJson(ids);
            return ExitCodes.Done;
        }

        foreach (var id in ids)
        {
            await parsed.Output().WriteLineAsync(id);
        }

        return ids.Count > 0 ? ExitCodes.Done : ExitCodes.NotFound;
    }

    private static async Task<int> RestoreAsync(
        ParseResult parsed,
        SiteLayout layout,
        ControlRestore restore,
        (string? Backup, bool Json) wanted,
        CancellationToken cancellationToken
    )
    {
        var last = SiteOptions.Read(layout);
        var binaries =
            PostgresBinaries.Find()
            ?? last?.PostgresBinaries
            ?? throw new JobFailedException("PostgreSQL 15 or later is not installed; apt-get install postgresql.");
        var options = last ?? new SiteOptions(SiteOptions.DefaultPort, binaries);
        if (
            await new LocalSite(layout, TimeProvider.System).UpForRestoreAsync(options, cancellationToken) is
            { } refusal
        )
        {
            throw new ProblemException(new(ProblemCodes.Blocked, refusal.What, refusal.Next));
        }

        var restored = await restore.RunAsync(wanted.Backup, cancellationToken);
        if (wanted.Json)
        {
            parsed.WriteJson(restored);
            return ExitCodes.Done;
        }

        var output = parsed.Output();
        await output.WriteLineAsync(
            $"Restored {restored.Backup} of {restored.TakenAt:u}: {restored.Tables} tables, every row compared, and {restored.Documents} documents."
        );
        foreach (var repository in restored.Repositories)
        {
            await output.WriteLineAsync($"A followed repository is in {repository}.");
        }

        await parsed.WriteNextAsync($"tidegate site up --home {layout.Home}");
        return ExitCodes.Done;
    }
}
