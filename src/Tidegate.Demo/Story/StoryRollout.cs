using System.Runtime.CompilerServices;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Story;

/// <summary>Carries one release out through the control plane's API, as an operator would, and looks on.</summary>
internal sealed class StoryRollout(ControlPlaneClient controlPlane, Recorder recorder, TimeProvider clock)
{
    // Two cores carry the customers of all shops as well: two cutovers at once would make both holds longer.
    private static readonly RolloutRules OneAtATime = new(Concurrency: 1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Over it the story does not wait any longer.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Starts the rollout and tells how it stands until it has ended; the last one is its end.</summary>
    /// <exception cref="StoryException">It asks a person, or does not end.</exception>
    public async IAsyncEnumerable<RolloutProgress> RunAsync(
        string release,
        DateTimeOffset windowStart,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var began = clock.GetTimestamp();
        var started = await controlPlane.PostAsync<StartRollout, StartedRollout>(
            "/api/rollouts",
            new StartRollout(release, StoryFleet.Environment, OneAtATime, Reason: "the demo's story"),
            cancellationToken
        );
        using var timer = new PeriodicTimer(Look, clock);
        while (true)
        {
            var view = await controlPlane.GetAsync<RolloutView>($"/api/rollouts/{started.Id}", cancellationToken);
            var elapsed = clock.GetElapsedTime(began);
            yield return new(view, recorder.SoFar(windowStart), clock.GetUtcNow(), elapsed);
            if (view.State is "ended")
            {
                yield break;
            }

            if (view.Tenants.FirstOrDefault(tenant => tenant.State is "asking") is { } asking)
            {
                throw new StoryException($"{release} asks a person about {asking.Tenant}: {asking.Reason}");
            }

            if (elapsed > Bound)
            {
                throw new StoryException($"{release} did not end within {Bound.TotalMinutes} minutes.");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
