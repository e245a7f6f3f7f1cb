using System.CommandLine;
using Tidegate.Cli.Client;
using Tidegate.Cli.Jobs;
using Tidegate.Contracts.Jobs;
using Tidegate.Contracts.Rehearsals;

namespace Tidegate.Cli.Rehearsals;

/// <summary>Follows rehearsals to their ends, one after another as a site does them. Of one all is told that was learnt, of a wave one line a tenant.</summary>
internal sealed class RehearsalFollower(ControlPlaneClient client, ParseResult parsed, bool isWave, bool json)
{
    private const string Passed = "passed";
    private const string NotPassed = "not_passed";
    private const string Cancelled = "cancelled";

    public async Task<int> FollowAsync(IReadOnlyList<OrderedRehearsal> ordered, CancellationToken cancellationToken)
    {
        var ended = new List<RehearsedTenant>();
        foreach (var rehearsal in ordered)
        {
            var follower = new JobFollower(client, parsed, json, isWave ? rehearsal.Tenant : null);
            if (await follower.FollowAsync(rehearsal.Id, cancellationToken) is not { } job)
            {
                return await DetachAsync(ordered.Count - ended.Count - 1);
            }

            ended.Add(await EndAsync(rehearsal, job, cancellationToken));
            if (!json)
            {
                await TellAsync(ended[^1], job);
            }
        }

        if (json)
        {
            parsed.WriteJson(ended);
        }
        else if (isWave)
        {
            RehearsalText.WriteWave(parsed.Output(), ended);
        }

        return ExitCode(ended);
    }

    private async Task<RehearsedTenant> EndAsync(
        OrderedRehearsal rehearsal,
        JobView job,
        CancellationToken cancellationToken
    )
    {
        if (job.Outcome is not "done")
        {
            return new(rehearsal.Tenant, rehearsal.Id, job.Outcome!, job.Failure, null);
        }

        var details = await client.GetAsync<RehearsalDetails>(RehearsalCommands.Path(rehearsal.Id), cancellationToken);
        return new(rehearsal.Tenant, rehearsal.Id, details.Rehearsal.HasPassed ? Passed : NotPassed, null, details);
    }

    private async Task TellAsync(RehearsedTenant rehearsed, JobView job)
    {
        if (rehearsed.Rehearsal is not { } details)
        {
            await parsed.Error().WriteLineAsync(JobText.End(job));
        }
        else if (isWave)
        {
            await parsed
                .Error()
                .WriteLineAsync($"{rehearsed.Tenant}: {RehearsalText.Outcome(rehearsed)}: {details.Rehearsal.Reason}");
        }
        else
        {
            RehearsalText.Write(parsed.Output(), details);
        }
    }

    private async Task<int> DetachAsync(int others)
    {
        if (others > 0)
        {
            await parsed.Error().WriteLineAsync($"{others} more rehearsals go on: tidegate job list --kind rehearsal");
        }

        return ExitCodes.Interrupted;
    }

    private static int ExitCode(IReadOnlyCollection<RehearsedTenant> ended)
    {
        var outcomes = ended.Select(rehearsed => rehearsed.Outcome).ToHashSet(StringComparer.Ordinal);
        return outcomes.IsSubsetOf([Passed]) ? ExitCodes.Done
            : outcomes.IsSubsetOf([Passed, NotPassed]) ? ExitCodes.Blocked
            : outcomes.IsSubsetOf([Passed, NotPassed, Cancelled]) ? ExitCodes.Aborted
            : ExitCodes.EndedBadly;
    }
}
