using System.CommandLine;
using System.Text.Json;
using Tidegate.Cli.Client;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Restores;

namespace Tidegate.Cli.Restores;

internal static class RestoreCommand
{
    private const string Text = """
        Take one tenant's data back to an earlier state; the others serve on

        Example: tidegate tenant restore shop-oslo --to checkpoint --accept-loss 40

        The state is brought beside the live database and verified, and takes its place only then, in some seconds of hold.
        Inside the safe-write window nothing is lost and nobody is asked. Outside it, what would be lost must be accepted:
        up to N rows of business documents (--accept-loss), and with --yes also that payments were captured and e-invoices
        cleared since; --yes alone accepts whatever it is. Counted exactly when nobody can write any more: if it is more
        than accepted, the tenant goes on as it was. Every lost row is kept as CSV and JSON. The database that was
        replaced is kept until tidegate checkpoint drop lets it go.

        A time or a log position is replayed out of the site's newest backup before it, on a private cluster beside the site.
        A point that cannot be reached is refused before anything is done. With --into the state is kept as a copy for seven
        days (tidegate copies list) and the tenant goes on untouched; the copy is neutralised unless --as-is says otherwise.
        """;

    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "The tenant" };
        var to = new Option<string>("--to")
        {
            Description =
                "checkpoint, checkpoint:ID, backup:ID, a log position as 0/5000028, or a time with its distance from UTC",
            Required = true,
        };
        var into = new Option<string?>("--into")
        {
            Description = "Make a closed database of this name to look at, and leave the tenant as it is",
        };
        var asIs = new Option<bool>("--as-is")
        {
            Description = "With --into: leave mail servers, scheduled jobs and secrets in it as they were",
        };
        var priceOnly = new Option<bool>("--price-only")
        {
            Description = "Show what it would cost now, and do nothing",
        };
        var acceptLoss = new Option<long?>("--accept-loss")
        {
            Description = "The most rows of business documents that may be lost",
        };
        var yes = new Option<bool>("--yes")
        {
            Description = "Accept also what has left the building; without --accept-loss any number of rows",
        };
        var noWait = OrderedWork.NoWait();
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command("restore", Text)
        {
            tenant,
            to,
            into,
            asIs,
            priceOnly,
            acceptLoss,
            yes,
            noWait,
            reason,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var path = $"/api/tenants/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}/restore";
                var order = new RestoreTenant(
                    parsed.GetRequiredValue(to),
                    parsed.GetValue(into),
                    parsed.GetValue(acceptLoss),
                    parsed.GetValue(yes),
                    parsed.GetValue(reason),
                    parsed.GetValue(asIs)
                );
                var price = await client.PostAsync<RestoreTenant, RestorePriceView>(
                    $"{path}/price",
                    order,
                    cancellationToken
                );
                var isJson = parsed.GetValue(json);
                if (parsed.GetValue(priceOnly))
                {
                    if (isJson)
                    {
                        parsed.WriteJson(price);
                    }
                    else
                    {
                        RestoreText.Write(price, parsed.Output());
                    }

                    return ExitCodes.Done;
                }

                if (!isJson)
                {
                    RestoreText.Write(price, parsed.Error());
                }

                var ordered = await client.PostAsync<RestoreTenant, OrderedJob>(path, order, cancellationToken);
                return parsed.GetValue(noWait)
                    ? await OrderedWork.LeaveAsync(parsed, ordered, isJson)
                    : await FollowAsync(client, parsed, ordered.Id, isJson, cancellationToken);
            }
        );
        return command;
    }

    /// <summary>The job first, then the rollout that it has begun.</summary>
    internal static async Task<int> FollowAsync(
        ControlPlaneClient client,
        ParseResult parsed,
        string id,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        var job = await new JobFollower(client, parsed, isJson).FollowAsync(id, cancellationToken);
        if (job?.Result is not { } result)
        {
            if (job is not null && isJson)
            {
                parsed.WriteJson(job);
            }
            else if (job is not null)
            {
                await parsed.Output().WriteLineAsync(JobText.End(job));
            }

            return JobFollower.ExitCode(job);
        }

        var state = result.Deserialize<RestoredStateView>(ApiJson.Options)!;
        await parsed.Error().WriteLineAsync(state.What);
        if (state.Rollout is { } rollout)
        {
            return await new RolloutFollower(client, parsed, isJson).FollowAsync(rollout, cancellationToken);
        }

        if (isJson)
        {
            parsed.WriteJson(state);
        }
        else
        {
            await parsed.Output().WriteLineAsync(state.Database);
        }

        return ExitCodes.Done;
    }
}
