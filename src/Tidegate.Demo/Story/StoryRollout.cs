using System.Runtime.CompilerServices;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Rollouts;
using Tidegate.Demo.Recording;

namespace Tidegate.Demo.Story;

/// <summary>Looks on at a rollout.</summary>
internal sealed class StoryRollout(ControlPlaneClient controlPlane, Recorder recorder, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Over it the story does not wait any longer.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Has a rollout begun and tells how it stands until it has ended; the last one is its end.</summary>
    /// <param name="begin">Asks for it; its id.</param>
    /// <exception cref="StoryException">It does not begin, asks a person, or does not end.</exception>
    public async IAsyncEnumerable<RolloutProgress> RunAsync(
        Func<Task<string>> begin,
        DateTimeOffset windowStart,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var began = clock.GetTimestamp();
        var id = await begin();
        using var timer = new PeriodicTimer(Look, clock);
        while (true)
        {
            var view = await controlPlane.GetAsync<RolloutView>($"/api/rollouts/{id}", cancellationToken);
            var elapsed = clock.GetElapsedTime(began);
            yield return new(view, recorder.SoFar(windowStart), clock.GetUtcNow(), elapsed);
            if (view.State is "ended")
            {
                yield break;
            }

            if (view.Tenants.FirstOrDefault(tenant => tenant.State is "asking") is { } asking)
            {
                throw new StoryException($"{view.Release} asks a person about {asking.Tenant}: {asking.Reason}");
            }

            if (elapsed > Bound)
            {
                throw new StoryException($"{view.Release} did not end within {Bound.TotalMinutes} minutes.");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
