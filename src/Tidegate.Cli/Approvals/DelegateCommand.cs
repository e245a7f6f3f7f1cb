using System.CommandLine;
using System.Globalization;
using Tidegate.Cli.Promotion;
using Tidegate.Contracts.Approvals;

namespace Tidegate.Cli.Approvals;

internal static class DelegateCommand
{
    private const string Text = """
        Let another person agree in your place for a while, take that back, or list delegations

        Examples:
          tidegate approval delegate --to bo --until 2026-12-24T18:00:00Z --reason "on leave"
          tidegate approval delegate --end 7
          tidegate approval delegate
        """;

    public static Command Create()
    {
        var to = new Option<string?>("--to") { Description = "The person, by the name in the fleet's root" };
        var from = InstantOption.Create("--from", "When it begins (default: now)");
        var until = InstantOption.Create("--until", "When it ends, 90 days at most after it begins");
        var end = new Option<long?>("--end") { Description = "Take the delegation of this number back" };
        var reason = new Option<string?>("--reason") { Description = "Why, in one line; kept in the ledger" };
        var json = JsonOption.Create();
        var command = new Command("delegate", Text) { to, from, until, end, reason, json };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(to) is not null && parsed.GetResult(until) is null)
            {
                parsed.AddError("a delegation has an end: add --until.");
            }

            if (parsed.GetResult(to) is null && (parsed.GetResult(until) ?? parsed.GetResult(from)) is not null)
            {
                parsed.AddError("to whom? Add --to.");
            }
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var all = parsed switch
                {
                    _ when parsed.GetValue(end) is { } number => await client.PostAsync<
                        WithdrawApproval,
                        IReadOnlyList<DelegationView>
                    >(
                        string.Create(CultureInfo.InvariantCulture, $"/api/delegations/{number}/end"),
                        new WithdrawApproval(parsed.GetValue(reason)),
                        cancellationToken
                    ),
                    _ when parsed.GetValue(to) is { } person => await client.PostAsync<
                        DelegateApprovals,
                        IReadOnlyList<DelegationView>
                    >(
                        "/api/delegations",
                        new DelegateApprovals(
                            person,
                            parsed.GetValue(until)!.Value,
                            ApprovalCommands.NewKey(),
                            parsed.GetValue(from),
                            parsed.GetValue(reason)
                        ),
                        cancellationToken
                    ),
                    _ => await client.GetAsync<IReadOnlyList<DelegationView>>("/api/delegations", cancellationToken),
                };
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(all);
                    return ExitCodes.Done;
                }

                if (all.Count == 0)
                {
                    await parsed.Error().WriteLineAsync("nobody has delegated anything");
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["NUMBER", "FROM", "TO", "STATE", "BEGINS", "ENDS", "REASON"],
                    all.Select(each =>
                        (IReadOnlyList<string>)
                            [
                                each.Id.ToString(CultureInfo.InvariantCulture),
                                each.From,
                                each.To,
                                each.State,
                                PromotionText.Instant(each.Begins),
                                PromotionText.Instant(each.Ends),
                                each.Reason ?? "-",
                            ]
                    )
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
