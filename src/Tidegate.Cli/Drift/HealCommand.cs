using System.CommandLine;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Drift;

namespace Tidegate.Cli.Drift;

internal static class HealCommand
{
    private const string Text = """
        Make known differences go away: rights, routes and what generations run with

        Example: tidegate drift heal shop-oslo --reason "a test was left behind"

        What runs is a rollout of its own, with an id, steps and ledger entries; restarting a generation holds its tenants'
        requests for some seconds. Modules and changed files of a release are never healed. Exit code 0: under way, or
        nothing is known to differ; 3: nothing of it can be healed.
        """;

    public static Command Create()
    {
        var tenant = new Argument<string?>("tenant") { Description = "The tenant", Arity = ArgumentArity.ZeroOrOne };
        var environment = new Option<string?>("--environment", "-e")
        {
            Description = "Every tenant and generation of this environment",
        };
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command("heal", Text) { tenant, environment, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var view = await client.PostAsync<HealDriftOrder, HealingView>(
                    "/api/drift/heal",
                    new(parsed.GetValue(tenant), parsed.GetValue(environment), parsed.GetValue(reason)),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    parsed.WriteJson(view);
                }
                else
                {
                    await WriteAsync(parsed, view);
                }

                return view.Healings.Count == 0 && view.Left.Count > 0 ? ExitCodes.Blocked : ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task WriteAsync(ParseResult parsed, HealingView view)
    {
        foreach (var healing in view.Healings)
        {
            await parsed.Output().WriteLineAsync(healing.Id);
            foreach (var tenant in healing.Tenants)
            {
                await parsed.Output().WriteLineAsync($"  {tenant.Tenant}: {string.Join(", ", tenant.Steps)}");
            }
        }

        foreach (var left in view.Left)
        {
            await parsed
                .Error()
                .WriteLineAsync(
                    $"{(left.IsWaiting ? "not now" : "not healed")}: {left.Code} of {left.Subject}: {left.Why}"
                );
        }

        if (view is { Healings.Count: 0, Left.Count: 0 })
        {
            await parsed.Error().WriteLineAsync("nothing is known to differ");
            await parsed.WriteNextAsync("tidegate drift check --wait");
        }

        foreach (var healing in view.Healings)
        {
            await parsed.WriteNextAsync($"tidegate rollout watch {healing.Id}");
        }
    }
}
