namespace Tidegate.ControlPlane.Rollouts;

/// <summary>What an attempt at a step came to: the handler's outcome, or the exception that it threw.</summary>
public abstract record Attempt
{
    private Attempt() { }

    public sealed record Returned(StepOutcome Outcome) : Attempt;

    /// <summary>A failed attempt; <paramref name="Message"/> is for people.</summary>
    public sealed record Threw(string Message) : Attempt;
}

/// <summary>Moves one upgrade on after an attempt. Pure; the whole rule of forward, back and asking is here.</summary>
public static class UpgradeDecider
{
    /// <summary>Failed attempts at a forward step after which it counts as failed.</summary>
    public const int ForwardAttempts = 3;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(15);

    /// <summary>Begins a pending upgrade.</summary>
    public static Upgrade Begin(Upgrade upgrade, DateTimeOffset now) =>
        upgrade with
        {
            State = UpgradeState.Forward,
            Position = 0,
            Attempts = 0,
            DueAt = now,
        };

    /// <summary>The upgrade after an attempt at its next step.</summary>
    public static Upgrade After(Upgrade upgrade, Attempt attempt, DateTimeOffset now) =>
        attempt switch
        {
            Attempt.Returned(StepOutcome.Done) => Advance(upgrade),
            Attempt.Returned(StepOutcome.NotYet wait) => upgrade with
            {
                DueAt = now + wait.RetryAfter,
                Reason = KeepCause(upgrade, wait.Reason),
            },
            Attempt.Returned(StepOutcome.Unknown unknown) => upgrade with
            {
                State = UpgradeState.Asking,
                Reason = unknown.Reason,
            },
            Attempt.Returned(StepOutcome.PutOff off) => TurnBack(upgrade, UpgradeEnding.PutOff, off.Reason, null, now),
            Attempt.Returned(StepOutcome.Failed failed) => TurnBack(
                upgrade,
                UpgradeEnding.RolledBack,
                failed.Reason,
                failed.Evidence,
                now
            ),
            Attempt.Threw threw when upgrade.State is UpgradeState.Forward && upgrade.Attempts + 1 >= ForwardAttempts =>
                TurnBack(upgrade, UpgradeEnding.RolledBack, threw.Message, null, now),
            Attempt.Threw threw => Retry(upgrade, threw.Message, now),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A person has looked: an upgrade that asks goes on where it stood.</summary>
    /// <param name="hasBegunToOpen">Whether the intent to open is committed.</param>
    /// <param name="aborted">Why its rollout was aborted, or null. Then it goes back, unless it has begun to open.</param>
    public static Upgrade Resume(Upgrade upgrade, bool hasBegunToOpen, string? aborted, DateTimeOffset now) =>
        upgrade.State is not UpgradeState.Asking ? upgrade
        : aborted is not null && !hasBegunToOpen && !upgrade.IsTurnedBack
            ? GoBack(upgrade, UpgradeEnding.PutOff, aborted, null, now)
        : upgrade with
        {
            State = upgrade.IsTurnedBack ? UpgradeState.Back : UpgradeState.Forward,
            Attempts = 0,
            DueAt = now,
            Reason = KeepCause(upgrade, null),
        };

    /// <summary>
    /// The rollout is given up. A tenant that has not begun to open goes back; one that has goes on to its end; one
    /// that asks keeps asking, since nobody knows yet what happened to it.
    /// </summary>
    /// <param name="hasBegunToOpen">Whether the intent to open is committed: the point of no return.</param>
    public static Upgrade Abort(Upgrade upgrade, bool hasBegunToOpen, string aborted, DateTimeOffset now) =>
        upgrade.State is UpgradeState.Forward && !hasBegunToOpen
            ? GoBack(upgrade, UpgradeEnding.PutOff, aborted, null, now)
            : upgrade;

    /// <summary>
    /// On to the next step, due since before: who was begun first goes first, so that a tenant under hold waits for
    /// no worker that a later one has taken; and the index over what is due stays as it is.
    /// </summary>
    private static Upgrade Advance(Upgrade upgrade)
    {
        var steps = upgrade.State is UpgradeState.Forward ? upgrade.Steps : upgrade.Back;
        return upgrade.Position + 1 < steps.Length
            ? upgrade with
            {
                Position = upgrade.Position + 1,
                Attempts = 0,
                Reason = KeepCause(upgrade, null),
            }
            : upgrade with
            {
                State = UpgradeState.Ended,
                Attempts = 0,
                Ending = upgrade.Ending ?? UpgradeEnding.Completed,
                Reason = KeepCause(upgrade, null),
            };
    }

    /// <summary>
    /// Where a failure leads. The committed intent to open is the point of no return: from then on opening is only
    /// finished, and what comes after it is reported, not undone. On the way back there is only on.
    /// </summary>
    private static Upgrade TurnBack(
        Upgrade upgrade,
        UpgradeEnding ending,
        string reason,
        string? evidence,
        DateTimeOffset now
    ) =>
        (upgrade.State, upgrade.Next) switch
        {
            (UpgradeState.Back, _) or (_, Open) => Retry(upgrade, reason, now),
            (_, Bake or Retire) => Advance(upgrade with { Ending = UpgradeEnding.CompletedWithException }) with
            {
                Reason = reason,
                Evidence = evidence,
            },
            _ => GoBack(upgrade, ending, reason, evidence, now),
        };

    private static Upgrade GoBack(
        Upgrade upgrade,
        UpgradeEnding ending,
        string reason,
        string? evidence,
        DateTimeOffset now
    ) =>
        upgrade with
        {
            // A healing whose steps are each all or nothing has no way back: there is nothing to undo.
            State = upgrade.Back.IsEmpty ? UpgradeState.Ended : UpgradeState.Back,
            Position = 0,
            Attempts = 0,
            DueAt = now,
            Ending = ending,
            Reason = reason,
            Evidence = evidence,
        };

    private static Upgrade Retry(Upgrade upgrade, string reason, DateTimeOffset now) =>
        upgrade with
        {
            Attempts = upgrade.Attempts + 1,
            DueAt = now + Backoff(upgrade.Attempts),
            Reason = KeepCause(upgrade, reason),
        };

    /// <summary>On the way back the reason for it stays; a later hitch must not hide it.</summary>
    private static string? KeepCause(Upgrade upgrade, string? reason) =>
        upgrade.Ending is null ? reason : upgrade.Reason;

    private static TimeSpan Backoff(int attempts) =>
        TimeSpan.FromTicks(Math.Min(LongestRetry.Ticks, FirstRetry.Ticks << Math.Min(attempts, 8)));
}
