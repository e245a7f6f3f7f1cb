using System.Globalization;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>What is known before entries may go.</summary>
/// <param name="KeepDays">How long entries are kept; null for ever.</param>
/// <param name="First">The place of the first that is kept now.</param>
/// <param name="Young">The place of the first that is younger than the period; behind the last where none is.</param>
/// <param name="Witnesses">Where checkpoints are kept outside, in all homes.</param>
public sealed record LedgerRetentionFacts(
    int? KeepDays,
    long First,
    long Young,
    IReadOnlyList<LedgerWitnessFact> Witnesses
);

/// <param name="Kept">Entries in the newest checkpoint that it has; null where it has said nothing.</param>
public sealed record LedgerWitnessFact(string Home, string Place, long? Kept);

/// <summary>What a retention run may do.</summary>
/// <param name="Most">Entries before this place may go, as far as a checkpoint is of no more.</param>
/// <param name="Why">Why no more, or nothing at all.</param>
public sealed record LedgerRetentionPlan(long First, long Most, string Why);

/// <summary>Decides which entries' contents may go: old ones from the begin, never one that not every witness vouches for.</summary>
public static class LedgerRetentionPlanner
{
    public static LedgerRetentionPlan Plan(LedgerRetentionFacts facts)
    {
        if (facts.KeepDays is not { } days)
        {
            return new(facts.First, facts.First, "entries are kept for ever: no period is set");
        }

        var least = facts.Witnesses.MinBy(witness => witness.Kept ?? -1);
        if (least is not { Kept: { } kept })
        {
            return new(
                facts.First,
                facts.First,
                least is null
                    ? "no witness has said what it keeps yet"
                    : $"{least.Place} of home {least.Home} has confirmed nothing yet"
            );
        }

        return kept < facts.Young
            ? new(
                facts.First,
                Math.Max(facts.First, kept),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{least.Place} of home {least.Home} has confirmed {kept} entries"
                )
            )
            : new(
                facts.First,
                Math.Max(facts.First, facts.Young),
                string.Create(CultureInfo.InvariantCulture, $"those after are younger than {days} days")
            );
    }
}
