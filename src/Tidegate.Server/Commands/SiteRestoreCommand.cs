using System.CommandLine;
using System.Globalization;
using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Server.Commands;

/// <summary><c>tidegate site restore</c>: the whole cluster of a site out of its backups, where nothing of it runs any more.</summary>
internal static class SiteRestoreCommand
{
    private const string Text = """
        Restore the whole cluster of a site that is down, from the backups below its home

        The next site up replays the archived log and goes on from there. A cluster that is there is moved aside, with --replace.

        Example: tidegate site restore --home /srv/tidegate && tidegate site up --home /srv/tidegate
        """;

    public static Command Create()
    {
        var (home, json) = (SiteCommand.HomeOption(), JsonOption.Create());
        var to = new Option<string>("--to")
        {
            Description = "latest, a moment (2026-11-26T09:00:00Z) or a place in the log (0/5000028)",
            DefaultValueFactory = _ => "latest",
        };
        var label = new Option<string?>("--backup")
        {
            Description = "The label of the backup to begin with (default: the newest before the target)",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Move the cluster that is there aside; it is kept",
        };
        var command = new Command("restore", Text) { home, to, label, replace, json };
        command.SetAction(
            (parsed, cancellationToken) =>
                SiteCommand.ReportAsync(async () =>
                {
                    var layout = SiteCommand.Layout(parsed, home);
                    var refusal = await new SiteRecovery(layout, TimeProvider.System).RunAsync(
                        Target(parsed.GetRequiredValue(to)),
                        parsed.GetValue(label),
                        parsed.GetValue(replace),
                        cancellationToken
                    );
                    if (refusal is not null)
                    {
                        throw new ProblemException(new(ProblemCodes.Blocked, refusal.What, refusal.Next));
                    }

                    if (parsed.GetValue(json))
                    {
                        parsed.WriteJson(new { layout.Home, Restored = true });
                    }
                    else
                    {
                        await parsed.Output().WriteLineAsync($"The cluster of {layout.Home} is restored.");
                        await parsed.WriteNextAsync($"tidegate site up --home {layout.Home}");
                    }

                    return ExitCodes.Done;
                })
        );
        return command;
    }

    private static RecoveryTarget Target(string to) =>
        to is "latest" ? new RecoveryTarget.Latest()
        : WalPosition.TryParse(to) is not null ? new RecoveryTarget.Lsn(to)
        : DateTimeOffset.TryParse(
            to,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? new RecoveryTarget.Time(at)
        : throw new ProblemException(
            new(ProblemCodes.Invalid, $"\"{to}\" is no target.", "--to latest, 2026-11-26T09:00:00Z or 0/5000028")
        );
}
