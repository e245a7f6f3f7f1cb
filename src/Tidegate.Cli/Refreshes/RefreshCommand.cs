using System.CommandLine;
using Tidegate.Cli.Jobs;
using Tidegate.Cli.Restores;
using Tidegate.Cli.Rollouts;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Refreshes;

namespace Tidegate.Cli.Refreshes;

internal static class RefreshCommand
{
    private const string Text = """
        Give a staging tenant the data of the tenant that it is a copy of, masked, out of that one's newest backup

        Example: tidegate tenant refresh shop-test --yes

        Only a tenant of which its file in the fleet repository says copyOf is refreshed. The copy is made beside its
        database, neutralised, masked and proven to be neutral; then it takes the database's place in some seconds of hold,
        on the release that it belongs to. The database that was there is dropped: it is a copy. One that does not say so of
        itself, or that would go back to another release with its data, needs --yes. The source is only read.
        """;

    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "The staging tenant" };
        var yes = new Option<bool>("--yes")
        {
            Description = "Drop its database also when that is not neutralised, or on another release",
        };
        var noWait = OrderedWork.NoWait();
        var reason = ReasonOption.Create();
        var json = JsonOption.Create();
        var command = new Command("refresh", Text) { tenant, yes, noWait, reason, json };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var client = ServerOption.Connect(parsed);
                var ordered = await client.PostAsync<RefreshTenant, OrderedJob>(
                    $"/api/tenants/{Uri.EscapeDataString(parsed.GetRequiredValue(tenant))}/refresh",
                    new(parsed.GetValue(yes), parsed.GetValue(reason)),
                    cancellationToken
                );
                var isJson = parsed.GetValue(json);
                return parsed.GetValue(noWait)
                    ? await OrderedWork.LeaveAsync(parsed, ordered, isJson)
                    : await RestoreCommand.FollowAsync(client, parsed, ordered.Id, isJson, cancellationToken);
            }
        );
        return command;
    }
}
