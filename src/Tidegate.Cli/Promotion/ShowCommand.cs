using System.CommandLine;
using Tidegate.Contracts.Promotion;

namespace Tidegate.Cli.Promotion;

internal static class ShowCommand
{
    private const string Text = """
        Show what git asks for in an environment, how it stands upstream, and what each gate says

        Example: tidegate promotion show production

        docs/promotion.md explains the gates.
        """;

    public static Command Create()
    {
        var environment = PromotionCommands.EnvironmentArgument();
        var json = JsonOption.Create();
        var command = new Command("show", Text) { environment, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var promotion = await client.GetAsync<EnvironmentPromotion>(
                    PromotionCommands.Path(parsed.GetRequiredValue(environment)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(promotion);
                }
                else
                {
                    Write(parsed.Output(), promotion);
                }

                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Write(TextWriter output, EnvironmentPromotion promotion)
    {
        WriteAsks(output, promotion.Environment, promotion.Asks);
        foreach (var emergency in promotion.Emergencies)
        {
            output.WriteLine($"{emergency.What} ({emergency.Code})");
            output.WriteLine($"  next: {emergency.Next} ({emergency.Clears})");
        }

        foreach (var upstream in promotion.Upstream)
        {
            output.WriteLine(
                upstream.VerifiedSince is { } since
                    ? $"{upstream.Environment}: verified since {PromotionText.Instant(since)}"
                    : FormattableString.Invariant(
                        $"{upstream.Environment}: not verified, {upstream.OnRelease} of {upstream.Tenants} tenants run it"
                    )
            );
        }

        if (promotion.Work is { } work)
        {
            WriteWork(output, work);
        }

        foreach (var hold in promotion.Holds)
        {
            output.WriteLine(
                $"hold on {hold.Release} since {PromotionText.Instant(hold.Since)} (rollout {hold.Rollout}): {hold.Reason}"
            );
        }
    }

    private static void WriteAsks(TextWriter output, string environment, EnvironmentAsks? asks)
    {
        if (asks is null)
        {
            output.WriteLine($"{environment}: git says nothing of it");
            return;
        }

        output.WriteLine(
            $"{environment} asks for {asks.Release ?? "no release"} since commit {Short(asks.Commit)} by {asks.Author}"
        );
        if (asks.Expedited is { } closes)
        {
            output.WriteLine($"expedited, as a security fix: {closes}");
        }

        if (asks.Upstream.Count > 0)
        {
            output.WriteLine(
                $"after {string.Join(" and ", asks.Upstream)}{(asks.SoakSeconds > 0 ? $", {PromotionText.Duration(asks.SoakSeconds)} there" : "")}"
            );
        }

        output.WriteLine(
            $"policy {asks.Policy}: {(asks.Start is "manual" ? "a person starts" : "starts by itself")}, {(asks.WhenBusy is "wait" ? "waits for a rollout that runs" : "supersedes a rollout that runs")}"
        );
    }

    private static void WriteWork(TextWriter output, PromotionView work)
    {
        var rollout = work.Rollout is { } id ? $", rollout {id}" : "";
        output.WriteLine(
            $"{work.Release} {work.State}, asked for {PromotionText.Instant(work.RequestedAt)} in commit {Short(work.Commit)}{rollout}"
        );
        if (work.Order is { } order)
        {
            output.WriteLine(
                $"started by {order.By}{(order.Older ? ", though it is older" : "")}{(order.Reason is { } reason ? $": {reason}" : "")}"
            );
        }

        PromotionText.Write(output, work.Gates);
    }

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;
}
