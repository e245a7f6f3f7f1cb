using System.Collections.Immutable;
using Tidegate.ControlPlane.Backups;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>
/// Which database was the tenant's when. A tenant's name stays while databases take turns under it: each swap, and
/// each swap back, changes the one that has it.
/// </summary>
/// <param name="Live">The database that has the tenant's name now.</param>
/// <param name="Swaps">All that the site has recorded of it, the oldest first.</param>
public sealed record TenantHistory(long Live, ImmutableArray<RecordedSwap> Swaps)
{
    /// <summary>The database that was the tenant's at an instant.</summary>
    public DatabaseThen At(DateTimeOffset instant) => Then(change => change.At <= instant);

    /// <summary>The database that was the tenant's at a position of the log.</summary>
    public DatabaseThen At(WalPosition position) =>
        Then(change => change.Lsn is { } lsn && WalPosition.Parse(lsn) <= position);

    /// <summary>The database that was the tenant's when the site's record said what <paramref name="then"/> says: exact, where a time or a position is near a swap.</summary>
    public DatabaseThen At(TenantHistory then)
    {
        var known = then.Changes().Select(change => change.Release).ToHashSet();
        return Then(change => known.Contains(change.Release));
    }

    /// <summary>The last change at or before the point says who had the name; without one, the first change after it says who had had it.</summary>
    private DatabaseThen Then(Func<Change, bool> isBefore)
    {
        var changes = Changes().ToList();
        var before = changes.Where(isBefore).ToList();
        var after = changes.Skip(before.Count).ToList();
        return new(
            before.Count > 0 ? before[^1].To
                : after.Count > 0 ? after[0].From
                : Live,
            before.Count > 0 ? before[^1].Release : null,
            after.Count > 0 ? after[0].Release : null,
            after.Count > 0 ? after[^1].Swap.Transaction : null,
            after.Count > 0
        );
    }

    private IEnumerable<Change> Changes() =>
        Swaps
            .SelectMany(swap =>
                new[]
                {
                    new Change(swap.SwappedAt, swap.Lsn, swap.Before, swap.After, new(swap.Upgrade, false), swap),
                }.Concat(
                    swap.SwappedBackAt is { } back
                        ? [new Change(back, swap.BackLsn, swap.After, swap.Before, new(swap.Upgrade, true), swap)]
                        : []
                )
            )
            .OrderBy(change => change.At);

    private sealed record Change(
        DateTimeOffset At,
        string? Lsn,
        long From,
        long To,
        ChangeOfRelease Release,
        RecordedSwap Swap
    );
}

/// <summary>One swap as the site's own table has it.</summary>
/// <param name="Transaction">Its number; null where an older version did not note it.</param>
public sealed record RecordedSwap(
    UpgradeId Upgrade,
    long Before,
    long After,
    string Lsn,
    DateTimeOffset SwappedAt,
    DateTimeOffset? SwappedBackAt,
    string? BackLsn,
    string? Transaction
);

/// <summary>The database that was the tenant's at a point.</summary>
/// <param name="Arrived">The change that brought the release which it had then; null when none is recorded before the point.</param>
/// <param name="Left">The change that came next; null when none did.</param>
/// <param name="Upgraded">The last change since: the number of its transaction.</param>
/// <param name="IsOther">Another database has had the name since.</param>
public sealed record DatabaseThen(
    long Oid,
    ChangeOfRelease? Arrived,
    ChangeOfRelease? Left,
    string? Upgraded,
    bool IsOther
);

/// <summary>An upgrade that swapped the tenant to its release, or back from it.</summary>
public sealed record ChangeOfRelease(UpgradeId Upgrade, bool IsBack);
