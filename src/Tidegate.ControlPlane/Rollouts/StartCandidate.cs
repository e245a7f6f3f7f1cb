using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>A tenant of a rollout that would begin, or has begun, as calendars know it.</summary>
/// <param name="Need">From its start until it is open again, with the reserve for the way back: it has to fit before it closes.</param>
public sealed record StartCandidate(UpgradeId Id, CalendarTarget Target, TimeSpan Need);

/// <summary>What calendars are asked with for a rollout.</summary>
/// <param name="Class">Of its release, or null.</param>
/// <param name="Risk">Of its release, or null.</param>
/// <param name="IsTold">Whether it is told that the rollout waits for a calendar or a limit.</param>
public sealed record RolloutCalendar(StartKind Kind, string? Class, string? Risk, bool IsTold)
{
    /// <summary>Whether it brings no release: a healing, staging data.</summary>
    public bool IsWithoutRelease { get; init; }

    /// <summary>What its emergency goes past, until that ends; null where it is none.</summary>
    public OverriddenRules? Past { get; init; }
}

/// <summary>A tenant that begins, and the decision that let it.</summary>
/// <param name="Decision">Of calendars; null where none was asked.</param>
/// <param name="Openings">Of windows that let only so many start: those that it uses.</param>
public sealed record ChosenStart(
    UpgradeId Id,
    RecordedDecision? Decision,
    System.Collections.Immutable.ImmutableArray<string> Openings
);

/// <summary>A tenant under way that a rule of a calendar turns back.</summary>
/// <param name="Reason">One sentence.</param>
public sealed record TurnedBack(UpgradeId Id, string Reason, RecordedDecision Decision);

/// <summary>Who can say which tenants of a rollout would begin, and which are under way.</summary>
public interface IStartCandidates
{
    /// <summary>Those of a wave that have not begun, in the plan's order.</summary>
    Task<IReadOnlyList<StartCandidate>> PendingAsync(
        ClaimedRollout rollout,
        int wave,
        CancellationToken cancellationToken
    );

    /// <summary>Those that have begun and not begun to open.</summary>
    Task<IReadOnlyList<StartCandidate>> UnderWayAsync(ClaimedRollout rollout, CancellationToken cancellationToken);

    /// <summary>How many tenants have started in each of these openings of windows; those without any may be missing.</summary>
    Task<IReadOnlyDictionary<string, int>> StartedAsync(
        IReadOnlyCollection<string> openings,
        CancellationToken cancellationToken
    );
}
