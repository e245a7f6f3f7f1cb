using System.CommandLine;
using Tidegate.Contracts.Promotion;

namespace Tidegate.Cli.Promotion;

internal static class ListCommand
{
    private const string Text = """
        List what git asks for and what is not done yet, with the gates that it waits for

        Example: tidegate promotion list
        """;

    public static Command Create()
    {
        var environment = new Option<string?>("--environment", "-e") { Description = "Only there" };
        var json = JsonOption.Create();
        var command = new Command("list", Text) { environment, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var only = parsed.GetValue(environment) is { } name ? $"?environment={Uri.EscapeDataString(name)}" : "";
                var works = await client.GetAsync<IReadOnlyList<PromotionView>>(
                    $"/api/promotions{only}",
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(works);
                    return ExitCodes.Done;
                }

                if (works.Count == 0)
                {
                    await parsed.Error().WriteLineAsync("nothing waits");
                    return ExitCodes.Done;
                }

                TextTable.Write(
                    parsed.Output(),
                    ["ENVIRONMENT", "RELEASE", "STATE", "WAITS FOR", "SINCE", "UNTIL"],
                    works.Select(Row)
                );
                if (works.FirstOrDefault(work => work.State is "waiting") is { } waiting)
                {
                    await parsed.WriteNextAsync($"tidegate promotion show {waiting.Environment}");
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static IReadOnlyList<string> Row(PromotionView work)
    {
        var waits = work.Gates.Where(gate => !gate.LetsThrough).ToList();
        var reasons = waits.SelectMany(gate => gate.Reasons).ToList();
        var ends = reasons.Select(reason => reason.Until).OfType<DateTimeOffset>().ToList();
        return
        [
            work.Environment,
            work.Release,
            work.State,
            waits.Count > 0 ? string.Join(", ", waits.Select(gate => gate.Gate))
            : work.State is "started" ? $"rollout {work.Rollout}"
            : "-",
            reasons.Select(reason => reason.Since).OfType<DateTimeOffset>().ToList() is { Count: > 0 } since
                ? PromotionText.Instant(since.Min())
                : PromotionText.Instant(work.RequestedAt),
            // Known only where time alone ends everything that it waits for.
            ends.Count > 0
            && ends.Count == reasons.Count
                ? PromotionText.Instant(ends.Max())
                : "-",
        ];
    }
}
