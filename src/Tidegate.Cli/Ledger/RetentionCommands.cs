using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Ledger;

namespace Tidegate.Cli.Ledger;

internal static class RetentionCommands
{
    private const string Path = "/api/ledger/retention";

    public static Command Create() =>
        new("retention", "How long the contents of entries are kept: show, set, run; for ever unless set")
        {
            Show(),
            Set(),
            Run(),
        };

    private static Command Show()
    {
        var json = JsonOption.Create();
        var command = new Command(
            "show",
            "Show how long entries are kept, what has gone and where it was written out, and what a run would do now\n\nExample: tidegate ledger retention show"
        )
        {
            json,
        };
        command.SetAction((parsed, cancellationToken) => ShowAsync(parsed, json, cancellationToken));
        return command;
    }

    private static Command Set()
    {
        var keep = new Option<string>("--keep")
        {
            Description = "At least 30 days, as 730d; forever for no end",
            Required = true,
        };
        var (reason, json) = (ReasonOption.Create(), JsonOption.Create());
        keep.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && text != "forever" && Days(text) is null)
            {
                result.AddError($"--keep is a number of days, as 730d, or forever, not \"{text}\".");
            }
        });
        var command = new Command(
            "set",
            "Say how long the contents of entries are kept; nothing goes until a run is ordered\n\nExample: tidegate ledger retention set --keep 1095d --reason \"three years, as the auditors agreed\""
        )
        {
            keep,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var set = await client.PostAsync<SetLedgerRetention, LedgerRetentionSet>(
                    Path,
                    new(Days(parsed.GetRequiredValue(keep)), parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(set);
                }
                else
                {
                    await parsed.Output().WriteLineAsync(Period(set.KeepDays));
                    await parsed.WriteNextAsync("tidegate ledger retention run --dry-run shows what would go");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static Command Run()
    {
        var dry = new Option<bool>("--dry-run") { Description = "Show what would go, and change nothing" };
        var (reason, noWait, json) = (ReasonOption.Create(), OrderedWork.NoWait(), JsonOption.Create());
        var command = new Command(
            "run",
            """
            Write out what entries older than the period say, check that, and remove it; their hashes stay

            Example: tidegate ledger retention run --dry-run

            Nothing goes that a witness has not confirmed. The file goes where backups of tenants go. What goes is an entry of the
            ledger itself, and tidegate ledger verify and prove go on as before for what is kept.
            """
        )
        {
            dry,
            reason,
            noWait,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(dry))
                {
                    return await ShowAsync(parsed, json, cancellationToken);
                }

                var (job, exit) = await OrderedWork.OrderAsync(
                    parsed,
                    $"{Path}/run",
                    reason,
                    (parsed.GetValue(json), parsed.GetValue(noWait)),
                    cancellationToken
                );
                if (job?.Result is { } result && !parsed.GetValue(json))
                {
                    await parsed
                        .Output()
                        .WriteLineAsync(
                            $"removed   {result.GetProperty("entries")} entries; kept from place {result.GetProperty("keptFrom")} on: {result.GetProperty("why").GetString()}"
                        );
                }

                return exit;
            }
        );
        return command;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Option<bool> json, CancellationToken cancellationToken)
    {
        using var client = ServerOption.Connect(parsed);
        var view = await client.GetAsync<LedgerRetentionView>(Path, cancellationToken);
        if (parsed.GetValue(json))
        {
            parsed.WriteJson(view);
        }
        else
        {
            Write(parsed.Output(), view);
        }

        return ExitCodes.Done;
    }

    private static void Write(TextWriter output, LedgerRetentionView view)
    {
        output.WriteLine($"period    {Period(view.KeepDays)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kept      from place {view.KeptFrom} on"));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"next run  removes {(view.Next.Last is { } last ? $"{view.Next.Entries} entries, {view.KeptFrom} to {last}" : "nothing")}: {view.Next.Why}"
            )
        );
        foreach (var run in view.Runs)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"gone      {run.First} to {run.Last}, {run.At.UtcDateTime:u} by {run.Actor}: {run.Export}, sha256 {run.Sha256}"
                )
            );
        }
    }

    private static string Period(int? days) =>
        days is { } some
            ? string.Create(CultureInfo.InvariantCulture, $"entries are kept for {some} days")
            : "entries are kept for ever";

    private static int? Days(string text) =>
        text.EndsWith('d')
        && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            ? days
            : null;
}
