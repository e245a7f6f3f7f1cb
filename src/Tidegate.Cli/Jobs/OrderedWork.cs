using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.TenantBackups;

namespace Tidegate.Cli.Jobs;

/// <summary>Follows what was ordered to its end, unless somebody does not want to wait.</summary>
internal static class OrderedWork
{
    public static Option<bool> NoWait() =>
        new("--no-wait") { Description = "Print the job's id and do not wait for its end" };

    /// <summary>Orders what needs no more than a reason, and follows it.</summary>
    /// <inheritdoc cref="FollowAsync" />
    public static async Task<(JobView? Job, int Exit)> OrderAsync(
        ParseResult parsed,
        string path,
        Option<string?> reason,
        (bool Json, bool NoWait) how,
        CancellationToken cancellationToken
    )
    {
        using var client = ServerOption.Connect(parsed);
        var ordered = await client.PostAsync<OrderReason, OrderedJob>(
            path,
            new OrderReason(parsed.GetValue(reason)),
            cancellationToken
        );
        return await FollowAsync(client, parsed, ordered, how, cancellationToken);
    }

    /// <returns>The ended job; null when nobody waits, with the exit code for that.</returns>
    public static async Task<(JobView? Job, int Exit)> FollowAsync(
        ControlPlaneClient client,
        ParseResult parsed,
        OrderedJob ordered,
        (bool Json, bool NoWait) how,
        CancellationToken cancellationToken
    )
    {
        if (how.NoWait)
        {
            return (null, await LeaveAsync(parsed, ordered, how.Json));
        }

        var job = await new JobFollower(client, parsed, how.Json).FollowAsync(ordered.Id, cancellationToken);
        if (job is not null && how.Json)
        {
            parsed.WriteJson(job);
        }
        else if (job is not null)
        {
            await parsed.Output().WriteLineAsync(JobText.End(job));
        }

        return (job, JobFollower.ExitCode(job));
    }

    /// <summary>Says which job it is, for whoever does not wait.</summary>
    public static async Task<int> LeaveAsync(ParseResult parsed, OrderedJob ordered, bool json)
    {
        if (json)
        {
            parsed.WriteJson(ordered);
        }
        else
        {
            await parsed.Output().WriteLineAsync(ordered.Id);
            await parsed.WriteNextAsync($"tidegate job watch {ordered.Id}");
        }

        return ExitCodes.Done;
    }
}
