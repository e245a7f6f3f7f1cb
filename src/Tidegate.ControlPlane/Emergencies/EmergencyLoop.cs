using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Halts emergencies whose time is over, and says which reviews are open, and where git asks for another release than an emergency brought. Two servers that do it do it once.</summary>
public sealed class EmergencyLoop(
    EmergencyStore store,
    RolloutDesk rollouts,
    BlockerStore blockers,
    TimeProvider clock,
    ILogger<EmergencyLoop> logger
) : TurnLoop("emergencies", new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)), clock, logger)
{
    /// <summary>Who halts, in the ledger.</summary>
    public const string Actor = "emergency";

    /// <summary>Of the blockers that it says.</summary>
    public static string Owner(EnvironmentName environment) => $"emergency/{environment}";

    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly UnaskedPace _pace = new();
    private Dictionary<EnvironmentName, UnaskedRelease> _unasked = [];

    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var look = await blockers.LookAsync(stoppingToken);
        var now = Clock.GetUtcNow();
        var open = await store.OpenAsync(null, stoppingToken);
        foreach (var emergency in open)
        {
            if (EmergencyDecider.Halts(emergency, now) is { } why)
            {
                // Before it is kept that it was done: after a crash in between it is done again, which changes nothing.
                if (emergency.IsRunning)
                {
                    await rollouts.AbortAsync(emergency.Rollout.Value, Actor, why, stoppingToken);
                }

                await store.SayAsync(emergency, EmergencyWords.Halted, new(Actor, now, why), stoppingToken);
            }
        }

        var places = await store.PlacesAsync(stoppingToken);
        if (_pace.IsDue(places, now))
        {
            _unasked = (await store.UnaskedAsync(stoppingToken)).ToDictionary(release => release.Environment);
            _pace.Counted(places, now);
        }

        foreach (var environment in places.Select(place => place.Environment))
        {
            var there = open.Where(emergency => emergency.Environment == environment).ToList();
            Blocker[] said =
            [
                .. there.Count == 0 ? [] : new[] { Blocker(there) },
                .. _unasked.TryGetValue(environment, out var release) ? [release.Blocker()] : Array.Empty<Blocker>(),
            ];
            var text = string.Join('\n', said.Select(blocker => blocker.What));
            if (_said.GetValueOrDefault(environment.Value) == text)
            {
                continue;
            }

            await blockers.ReplaceAsync(Owner(environment), said, look, now, stoppingToken);
            _said[environment.Value] = text;
        }

        return false;
    }

    private static Blocker Blocker(List<Emergency> open)
    {
        var reason = ReviewedGate.Reason(open[0]);
        return new(
            $"environment/{open[0].Environment}",
            reason.Code,
            open.Count == 1
                ? reason.What
                : FormattableString.Invariant($"{reason.What} So it is with {open.Count - 1} more."),
            open[0].At,
            Until: null,
            reason.Clears,
            reason.Next,
            $"rollout {open[0].Rollout}"
        );
    }
}
