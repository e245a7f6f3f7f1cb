using System.Collections.Immutable;
using System.Globalization;
using Tidegate.ControlPlane.Blockers;

namespace Tidegate.ControlPlane.Refreshes;

/// <summary>Says whether a staging tenant is refreshed now, and what stands against it. Pure.</summary>
public static class RefreshDecider
{
    /// <summary>It is begun within so much of its time or not at all: who works with the copy expects it in the night, not at noon.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(4);

    /// <summary>After one that failed the next is not tried at once.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromHours(1);

    public static bool IsDue(RefreshFact fact, DateTimeOffset now) =>
        Missed(fact, now) is { } time
        && now < time + Window
        && fact is { Refusal: null, Waits: null, Last: null or { IsUnderWay: false } }
        && !(fact.Last is { } last && now < last.OrderedAt + Retry);

    public static ImmutableArray<Blocker> Blockers(RefreshFact fact, DateTimeOffset now) =>
        [.. Found(fact, now).Select(found => Blocked(fact, found.Code, found.What, found.Next, now))];

    private static IEnumerable<(string Code, string What, string Next)> Found(RefreshFact fact, DateTimeOffset now)
    {
        var (name, source) = (fact.Staging.Name, fact.Staging.Terms.Source);
        if (fact.Refusal is { } refusal)
        {
            yield return ("refresh-refused", $"{name} {refusal}: it is not refreshed.", $"change tenants/{name}.yaml");
            yield break;
        }

        if (fact.Last is { Failure: { } failure } last && !(fact.SucceededAt > last.OrderedAt))
        {
            yield return (
                "refresh-failed",
                $"The refresh of {name} from {source} came to nothing: {failure}",
                $"tidegate job show {last.Job}; then tidegate tenant refresh {name}"
            );
        }

        if (Missed(fact, now) is not { } time || fact.Last is { IsUnderWay: true })
        {
            yield break;
        }

        if (fact.Waits is { } waits)
        {
            yield return (
                "refresh-waits",
                $"The refresh of {name} that was due at {Text(time)} waits: {waits}.",
                $"tidegate tenant refresh {name} --yes does it nevertheless"
            );
        }
        else if (now >= time + Window)
        {
            yield return (
                "refresh-overdue",
                $"{name} was due to be refreshed from {source} at {Text(time)} and was not.",
                $"tidegate tenant refresh {name}, or wait for its next time"
            );
        }
    }

    /// <summary>The last time at which it was due, when no refresh that came to its end was ordered since.</summary>
    private static DateTimeOffset? Missed(RefreshFact fact, DateTimeOffset now) =>
        RefreshSchedule.Last(fact.Staging, now) is { } time && time > fact.Staging.Since && !(fact.SucceededAt >= time)
            ? time
            : null;

    private static string Text(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    private static Blocker Blocked(RefreshFact fact, string code, string what, string next, DateTimeOffset now) =>
        new(
            $"tenant/{fact.Staging.Name}",
            code,
            what,
            now,
            Until: null,
            "whoever looks after the staging tenant",
            next
        );
}
