using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Client;
using Tidegate.Contracts;
using Tidegate.Contracts.Backups;

namespace Tidegate.Cli.Backups;

internal static class ShowCommand
{
    public static Command Create()
    {
        var label = new Argument<string>("backup") { Description = "The backup's label, as backup list shows it" };
        var (site, json) = (BackupCommands.Site(), JsonOption.Create());
        var command = new Command(
            "show",
            "Show a backup: what it holds, what it needs, what was proven of it\n\nExample: tidegate backup show 20261126-110816F"
        )
        {
            label,
            site,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var wanted = parsed.GetRequiredValue(label);
                var backup =
                    (
                        await client.GetAsync<IReadOnlyList<BackupView>>(
                            ListCommand.Path(parsed.GetValue(site)),
                            cancellationToken
                        )
                    ).FirstOrDefault(each => string.Equals(each.Label, wanted, StringComparison.Ordinal))
                    ?? throw new ProblemException(
                        new(
                            ProblemCodes.NotFound,
                            $"there is no backup \"{wanted}\".",
                            "tidegate backup list shows those there are."
                        )
                    );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(backup);
                }
                else
                {
                    Write(backup, parsed.Output());
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(BackupView backup, TextWriter writer)
    {
        writer.WriteLine($"{backup.Type} backup {backup.Label} of site {backup.Site}: {BackupText.Proof(backup)}");
        writer.WriteLine(
            $"  made       {BackupText.Moment(backup.StartedAt)} to {BackupText.Moment(backup.StoppedAt)}"
        );
        writer.WriteLine($"  log        {backup.StartLsn} to {backup.StopLsn}");
        writer.WriteLine(
            $"  size       {BackupText.Size(backup.Bytes)}, {BackupText.Size(backup.RepositoryBytes)} of them stored by it"
        );
        writer.WriteLine($"  needs      {(backup.Needs.Count == 0 ? "no other" : string.Join(", ", backup.Needs))}");
        writer.WriteLine($"  databases  {string.Join(", ", backup.Databases)}");
        writer.WriteLine($"  verified   {BackupText.Moment(backup.VerifiedAt)}");
        if (backup.Evidence is { FetchSeconds: { } fetch, ReplaySeconds: { } replay } evidence)
        {
            writer.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  restored   to {evidence.ReachedLsn}: fetched in {fetch:0.0} s, replayed in {replay:0.0} s, read in {evidence.CheckSeconds ?? 0:0.0} s"
                )
            );
        }

        if (backup.Evidence is { Compared: { Count: > 0 } compared })
        {
            writer.WriteLine($"  compared   {string.Join(", ", compared)}, row by row with the site");
        }

        if (backup.Finding is { } finding)
        {
            writer.WriteLine($"  damaged    {finding}");
        }
    }
}
