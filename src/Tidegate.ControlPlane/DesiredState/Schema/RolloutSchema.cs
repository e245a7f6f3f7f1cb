using Tidegate.Contracts.Rollouts;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a policy says of its rollouts: <see cref="RolloutRules"/>, with units. What is not said stays null there.</summary>
internal static class RolloutSchema
{
    private static readonly DurationKind Bound = new(TimeSpan.FromDays(1));

    // The rollout's own defaults, shown to people; a test compares them with those that a rollout has.
    private static readonly Keys<RolloutRules> Keys = new(
        new(
            Canaries: [],
            WaveSizes: [1, 0],
            FailureBudget: 0,
            Concurrency: 2,
            CheckpointBudgetBytes: 200L << 30,
            MaxDatabaseBytes: 20L << 30,
            QuiesceBoundSeconds: 120,
            DrainBoundSeconds: 30,
            HoldBoundSeconds: 120,
            MigrateBoundSeconds: 600,
            BakeSeconds: 0,
            MaxErrorShare: 0.02
        )
    );

    public static readonly ObjectSchema Schema = new(
        "map of rollout rules",
        "Rules of an environment's rollouts.",
        [
            Keys.Optional(
                "waves",
                new ListKind(new NumberKind(0, 100_000), least: 1, most: 100, isUnique: false),
                rules => rules.WaveSizes?.ToImmutableItems(),
                "Tenants per wave; the last number repeats, 0 is all that are left."
            ),
            Keys.Optional(
                "canaries",
                new ListKind(new ReferenceKind(Folders.Tenants)),
                rules => rules.Canaries?.ToImmutableItems(),
                "Tenants that go first. They belong to every environment with this policy; without any one of the smallest databases goes first."
            ),
            Keys.Optional(
                "failureBudget",
                new NumberKind(0, 100_000),
                rules => rules.FailureBudget,
                "Tenants that may go back before no further one is started."
            ),
            Keys.Optional(
                "concurrency",
                new NumberKind(1, 64),
                rules => rules.Concurrency,
                "Tenants worked on at once."
            ),
            Keys.Optional(
                "bake",
                Bound,
                rules => Duration(rules.BakeSeconds),
                "How long each tenant is watched after opening; 0s does not watch."
            ),
            Keys.Optional(
                "maxErrorShare",
                new ShareKind(),
                rules => rules.MaxErrorShare,
                "Share of a watched tenant's requests that may fail by the server's fault."
            ),
            Keys.Optional(
                "maxDatabase",
                new SizeKind(),
                rules => rules.MaxDatabaseBytes,
                "The largest database that is copied while a shop waits."
            ),
            Keys.Optional(
                "checkpointBudget",
                new SizeKind(),
                rules => rules.CheckpointBudgetBytes,
                "Disk that the checkpoints of one wave may take on a site."
            ),
            Keys.Optional(
                "quiesceBound",
                Bound,
                rules => Duration(rules.QuiesceBoundSeconds),
                "How long running jobs are waited for before a tenant is put off."
            ),
            Keys.Optional(
                "drainBound",
                Bound,
                rules => Duration(rules.DrainBoundSeconds),
                "How long running requests are waited for before a tenant is put off."
            ),
            Keys.Optional(
                "holdBound",
                Bound,
                rules => Duration(rules.HoldBoundSeconds),
                "After how long a held shop sees the maintenance page."
            ),
            Keys.Optional(
                "migrateBound",
                Bound,
                rules => Duration(rules.MigrateBoundSeconds),
                "After how long a migration has failed."
            ),
        ],
        values => new RolloutRules(
            values.Items<string>("canaries") is { Length: > 0 } canaries ? [.. canaries] : null,
            values.Items<int>("waves") is { Length: > 0 } waves ? [.. waves] : null,
            values.Said<int>("failureBudget"),
            values.Said<int>("concurrency"),
            values.Said<long>("checkpointBudget"),
            values.Said<long>("maxDatabase"),
            Seconds(values, "quiesceBound"),
            Seconds(values, "drainBound"),
            Seconds(values, "holdBound"),
            Seconds(values, "migrateBound"),
            Seconds(values, "bake"),
            values.Said<double>("maxErrorShare")
        )
    );

    private static TimeSpan? Duration(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private static double? Seconds(Values values, string key) => values.Said<TimeSpan>(key)?.TotalSeconds;
}
