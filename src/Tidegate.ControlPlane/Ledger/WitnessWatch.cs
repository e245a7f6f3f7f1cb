using System.Globalization;
using Microsoft.Extensions.Logging;
using Tidegate.ControlPlane.Blockers;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Ledger;

/// <summary>
/// Says when a witness of this home falls behind, and when one keeps a checkpoint that the database has never heard of:
/// then the database is an older one, or another.
/// </summary>
public sealed partial class WitnessWatch(
    LedgerHome home,
    LedgerWitnesses witnesses,
    LedgerStore store,
    BlockerStore blockers,
    TimeProvider clock,
    ILogger<WitnessWatch> logger
) : TurnLoop("the ledger's witnesses", new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)), clock, logger)
{
    /// <summary>Far above what a witness takes that is there.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private const int AtOnce = 1_000;

    // All that is kept is read once, which grows with the ledger, and then what came since. What was found is looked at sooner, and as a whole, so that it goes soon after somebody has seen to it.
    public static readonly TimeSpan BetweenComparisons = TimeSpan.FromHours(1);

    /// <summary>How long what was found stays told after it is no more.</summary>
    public static readonly TimeSpan BetweenLooksAgain = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ICheckpointWitness, Unheard> _unheard = [];

    // Of each the largest that was compared, with all before it; none while something is found.
    private readonly Dictionary<ICheckpointWitness, KeptCheckpoint> _compared = [];
    private DateTimeOffset? _comparedAt;

    private string Owner => $"ledger/{home.Site}";

    /// <inheritdoc />
    public override async Task<bool> TurnAsync(CancellationToken stoppingToken)
    {
        var look = await blockers.LookAsync(stoppingToken);
        var now = Clock.GetUtcNow();
        if (
            _comparedAt is not { } compared
            || now - compared >= (_unheard.Count > 0 ? BetweenLooksAgain : BetweenComparisons)
        )
        {
            await CompareAsync(stoppingToken);
            _comparedAt = now;
        }

        await blockers.ReplaceAsync(Owner, [.. Behind(now), .. Older(now)], look, now, stoppingToken);
        return false;
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        foreach (var delivery in witnesses.All)
        {
            try
            {
                if (await UnheardAsync(delivery.Witness, cancellationToken) is { } unheard)
                {
                    _unheard[delivery.Witness] = unheard;
                }
                else
                {
                    _unheard.Remove(delivery.Witness);
                }
            }
            catch (IOException unreadable)
            {
                NotRead(unreadable, delivery.Witness.Where); // what it lacks, its delivery says
            }
        }
    }

    private async Task<Unheard?> UnheardAsync(ICheckpointWitness witness, CancellationToken cancellationToken)
    {
        Unheard? found = null;
        // A database that does not know the largest any more is an older one: all counts anew.
        var largest =
            _compared.Remove(witness, out var before)
            && (await store.UnheardAsync([before], cancellationToken)).Count == 0
                ? before
                : default;
        await foreach (
            var part in witness
                .KeptAsync(largest.Size, cancellationToken)
                .Chunk(AtOnce)
                .WithCancellation(cancellationToken)
        )
        {
            foreach (var size in await store.UnheardAsync(part, cancellationToken))
            {
                found = found is null
                    ? new(1, size, size)
                    : new(found.Count + 1, Math.Min(found.Smallest, size), Math.Max(found.Largest, size));
            }

            largest = part.Append(largest).MaxBy(kept => kept.Size);
        }

        if (found is null && largest.Size > 0)
        {
            _compared.Add(witness, largest);
        }

        return found;
    }

    private IEnumerable<Blocker> Behind(DateTimeOffset now)
    {
        var behind = witnesses
            .All.Where(delivery => now - delivery.State.BehindSince > Bound)
            .Select(delivery => $"{delivery.Witness.Where} ({delivery.State.Why ?? "it does not answer"})")
            .ToList();
        return behind.Count == 0
            ? []
            :
            [
                new(
                    Owner,
                    "ledger-witness-behind",
                    $"Signed checkpoints of the ledger do not reach {string.Join(", ", behind)}: until they do, who rules the database could make the newest part anew.",
                    now,
                    Until: null,
                    "who looks after the control plane",
                    "mend what it names; missed checkpoints follow by themselves, and tidegate ledger status says when"
                ),
            ];
    }

    private IEnumerable<Blocker> Older(DateTimeOffset now) =>
        _unheard.Count == 0
            ? []
            :
            [
                new(
                    Owner,
                    "ledger-older",
                    string.Join(
                        ' ',
                        _unheard.Select(found =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{found.Key.Where} keeps checkpoints that the control database has never heard of: {found.Value.Count}, of {found.Value.Smallest} to {found.Value.Largest} entries."
                            )
                        )
                    ) + " An older database was restored, or the ledger's end was cut off or made anew.",
                    now,
                    Until: null,
                    "who audits, together with who looks after the control plane",
                    "tidegate ledger verify --key … --checkpoints … says what is missing; once that is known, put what was kept aside (do not remove it) and name another place for the store"
                ),
            ];

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Where} keeps of the ledger could not be read")]
    private partial void NotRead(Exception exception, string where);

    private sealed record Unheard(int Count, long Smallest, long Largest);
}

/// <summary>Which home's witnesses this server has.</summary>
/// <param name="Site">The name of its site.</param>
public sealed record LedgerHome(string Site);
