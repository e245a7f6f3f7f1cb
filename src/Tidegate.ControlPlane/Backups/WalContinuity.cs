using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Backups;

/// <summary>Segments that are missing one after another.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WalGap(WalSegment First, WalSegment Last)
{
    public override string ToString() => First == Last ? First.ToString() : $"{First} to {Last}";
}

/// <summary>Where a timeline left another one.</summary>
/// <param name="Parent">The timeline that was left.</param>
/// <param name="At">Where: from the segment that holds this place on, the child's files count.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TimelineFork(uint Parent, WalPosition At);

/// <summary>What of the log is there, from a backup on.</summary>
/// <param name="Gaps">What is missing, in order; none when all is there.</param>
/// <param name="CompleteTo">The last segment up to which nothing is missing; null when the very first is.</param>
public sealed record WalRun(ImmutableArray<WalGap> Gaps, WalSegment? CompleteTo);

/// <summary>
/// Whether an archive holds every segment from a backup on. pgBackRest's own verification says that all is well when a
/// segment is simply not there, also when it is one that the backup cannot be started without.
/// </summary>
public static class WalContinuity
{
    /// <param name="there">What the archive holds.</param>
    /// <param name="forks">How the timeline of <paramref name="last"/> came to be, the oldest first; none when it is the first.</param>
    /// <param name="last">The newest segment that must be there.</param>
    public static WalRun From(
        ClusterBackup backup,
        IReadOnlySet<WalSegment> there,
        ImmutableArray<TimelineFork> forks,
        WalSegment last
    )
    {
        var gaps = ImmutableArray.CreateBuilder<WalGap>();
        WalSegment? complete = null;
        foreach (var segment in Needed(backup, forks, last))
        {
            if (there.Contains(segment))
            {
                complete = gaps.Count == 0 ? segment : complete;
            }
            else if (gaps.Count > 0 && gaps[^1].Last.Next == segment)
            {
                gaps[^1] = gaps[^1] with { Last = segment };
            }
            else
            {
                gaps.Add(new(segment, segment));
            }
        }

        return new(gaps.DrainToImmutable(), complete);
    }

    /// <summary>Every segment that is needed to get from the backup to the end of the last one; at least those of the backup itself.</summary>
    public static IEnumerable<WalSegment> Needed(
        ClusterBackup backup,
        ImmutableArray<TimelineFork> forks,
        WalSegment last
    )
    {
        var timeline = backup.StartSegment.Timeline;
        var end = Math.Max(last.Number, backup.StopSegment.Number);
        for (var number = backup.StartSegment.Number; number <= end; number++)
        {
            // The backup's own segments are of its own timeline; a fork counts only behind them.
            while (
                number > backup.StopSegment.Number
                && Left(timeline, forks, last.Timeline) is { } fork
                && number >= fork.At.Value / WalSegment.Bytes
            )
            {
                timeline = fork.Child;
            }

            yield return new(timeline, number);
        }
    }

    private static (uint Child, WalPosition At)? Left(uint timeline, ImmutableArray<TimelineFork> forks, uint newest)
    {
        for (var index = 0; index < forks.Length; index++)
        {
            if (forks[index].Parent == timeline)
            {
                return (index + 1 < forks.Length ? forks[index + 1].Parent : newest, forks[index].At);
            }
        }

        return null;
    }
}
