using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Rehearsals;
using Tidegate.ControlPlane.Rehearsals.Lint;

namespace Tidegate.IntegrationTests.Rehearsals;

/// <summary>Rehearsals that come to what a test says, and are kept as real ones are.</summary>
internal sealed class ScriptedRehearsals(IRehearsalRecords records)
    : JobHandler<RehearseTenant, RehearsalRecord>(RehearseTenant.Kind)
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 6, 10, 0, TimeSpan.Zero);

    /// <summary>Why a tenant's cannot be done.</summary>
    public ConcurrentDictionary<string, string> Obstacles { get; } = [];

    /// <summary>Why a tenant's does not pass.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = [];

    /// <summary>Whose goes on until it is cancelled.</summary>
    public ConcurrentBag<string> Endless { get; } = [];

    protected override async Task<RehearsalRecord> RunAsync(
        RehearseTenant job,
        ClaimedJob claimed,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var tenant = job.Target.Tenant.Value;
        await context.ReportAsync(new("restoring the backup", 3, 4, "files"), cancellationToken);
        if (Endless.Contains(tenant))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        if (Obstacles.TryGetValue(tenant, out var obstacle))
        {
            throw new JobFailedException(obstacle);
        }

        var record = Refusals.TryGetValue(tenant, out var refusal)
            ? Passed(claimed, job) with
            {
                HasPassed = false,
                Reason = refusal,
                Seen = null,
                Class = null,
                WayBack = null,
                Parts = null,
            }
            : Passed(claimed, job);
        await records.SaveAsync(record, cancellationToken);
        return record;
    }

    protected override Task CleanUpAsync(RehearseTenant job, ClaimedJob claimed, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private static RehearsalRecord Passed(ClaimedJob claimed, RehearseTenant job) =>
        new(
            claimed.Id,
            job.Target.Tenant,
            claimed.Site,
            job.Target.From,
            job.Target.To,
            job.Target.Modules,
            "fingerprint",
            new RehearsalSource("20261126-060000F", "0/5000028", At.AddMinutes(-10), true),
            At,
            At.AddMinutes(claimed.Subject[1] - '0'), // t2's ended after t1's
            true,
            "everything came out well.",
            [new("restore", 12.3, "backup 20261126-060000F up to now"), new("migrate", 10.9, "exit code 0")],
            Seen(),
            new(ReleaseClass.C, ["column sale_order.note is new"]),
            new(true, "5 journeys as before", true, ProvenWayBack.StrategiesOf(ReleaseClass.C)),
            new(
                ImmutableSortedDictionary.CreateRange(
                    StringComparer.Ordinal,
                    [KeyValuePair.Create("copy", 2.0), KeyValuePair.Create("migrate", 10.9)]
                ),
                50 << 20
            ),
            "no network"
        );

    private static RehearsalObservation Seen() =>
        new(
            [new(1, At, 700, "ALTER TABLE", "alter table sale_order\n  add column note text", 1.5, 0, [])],
            1,
            [new("stock_move", 4, 700)],
            [new("sale_order", "AccessExclusiveLock", 120, 240, 30, false)],
            [new("sale_order", 40, 42, 2, 7, 0), new("shop_draft", 3, null, 0, 0, 0)],
            [.. Enumerable.Range(1, 14).Select(number => $"column sale_order.note_{number} is new")],
            new(2_500_000, 4_000_000, 50 << 20, 51 << 20, 25, 10.9),
            [
                new("receivables", InvariantRule.Same, "120.00", "120.00"),
                new("trial-balance", InvariantRule.Zero, "0.00", "0.10"),
            ],
            [new("shop.order_form", "sale.order", "field note_15 does not exist")],
            [new("modules", "Pass", "all 2 modules are installed")],
            [
                new(
                    7,
                    "index-build",
                    LintSeverity.Warning,
                    "sale_order",
                    "sale_order_note_index was built in 40 ms",
                    "nobody can write the table while the index is built",
                    "build it beforehand"
                ),
            ]
        );
}
