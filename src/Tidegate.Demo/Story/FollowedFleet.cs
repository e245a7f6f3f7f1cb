using Tidegate.Cli;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Blockers;
using Tidegate.Contracts.Rollouts;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Demo.Story;

/// <summary>The fleet as git says it, followed by the control plane: a release goes out because a commit asks for it.</summary>
internal sealed class FollowedFleet(
    FleetRepository repository,
    Operator @operator,
    ControlPlaneClient controlPlane,
    TimeProvider clock
)
{
    /// <summary>From a commit to its rollout, or to the blockers that say why there is none.</summary>
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public FleetRepository Repository => repository;

    /// <summary>Commits the fleet, each environment on the first release, and has it followed and served.</summary>
    /// <exception cref="StoryException">A tenant is not served; the message says why.</exception>
    public async Task BeginAsync(StoryFleet fleet, ReleaseDigest first, CancellationToken cancellationToken)
    {
        await repository.CreateAsync(cancellationToken);
        await repository.CommitAsync(
            $"The fleet, on {StoryFleet.FirstRelease}",
            [
                .. FleetTexts.Of(fleet),
                FleetTexts.Release(StoryFleet.FirstRelease, first),
                .. fleet.Environments.Select(environment =>
                    FleetTexts.Environment(environment, StoryFleet.FirstRelease)
                ),
            ],
            cancellationToken
        );
        await @operator.DoAsync(["fleet", "follow", repository.Folder], cancellationToken);
        await @operator.DoAsync(["fleet", "sync", "--wait"], cancellationToken);
    }

    /// <summary>Does not wait for the next time that the server looks. What is in the way is a blocker, and no failure.</summary>
    /// <exception cref="StoryException">The control plane does not answer.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var answer = await @operator.AskAsync(["fleet", "sync", "--wait"], cancellationToken);
        if (answer.Code is not (ExitCodes.Done or ExitCodes.Blocked))
        {
            throw new StoryException(
                $"{answer.Line} ended with exit code {answer.Code}: {string.Join(' ', answer.Lines)}"
            );
        }
    }

    /// <summary>Commits that an environment asks for a release.</summary>
    /// <returns>The rollout that came of it.</returns>
    /// <exception cref="StoryException">None did; the message has the blocker.</exception>
    public async Task<string> AskAsync(
        (string Name, string Terms) environment,
        string release,
        ReleaseDigest digest,
        CancellationToken cancellationToken
    )
    {
        await repository.CommitAsync(
            $"{release} to {environment.Name}",
            [FleetTexts.Release(release, digest), FleetTexts.Environment(environment, release)],
            cancellationToken
        );
        await SyncAsync(cancellationToken);
        return await RolloutOfAsync(environment.Name, release, cancellationToken);
    }

    /// <summary>Waits for the rollout that planned work becomes.</summary>
    /// <exception cref="StoryException">It does not begin; the message has the blocker.</exception>
    public async Task<string> RolloutOfAsync(string environment, string release, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            var rollouts = await controlPlane.GetAsync<IReadOnlyList<RolloutListItem>>(
                "/api/rollouts",
                cancellationToken
            );
            if (rollouts.FirstOrDefault(each => each.Environment == environment && each.Release == release) is { } ours)
            {
                return ours.Id;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        } while (clock.GetElapsedTime(began) < StartBound);
        var blocker = await FirstBlockerAsync(cancellationToken);
        throw new StoryException(
            $"{release} did not begin in {environment}: {blocker?.What ?? "nothing says why"} {blocker?.Next}".TrimEnd()
        );
    }

    private async Task<BlockerView?> FirstBlockerAsync(CancellationToken cancellationToken)
    {
        var blockers = await controlPlane.GetAsync<IReadOnlyList<BlockerView>>("/api/blockers", cancellationToken);
        return blockers is [var first, ..] ? first : null;
    }
}
