using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Promotion;

/// <summary>Facts for tests: 2026.11.2 is asked for in production, verified in staging at noon, and soaks there for a day.</summary>
internal static class Asked
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public static readonly EnvironmentName Production = new("production");

    public static readonly EnvironmentName Staging = new("staging");

    public static readonly ReleaseRecord Release = new(
        Plans.New,
        new ReleaseNotes([]),
        ReleaseRisk.Normal,
        Noon.AddDays(-3),
        "os/1000"
    );

    public static readonly UpstreamState Verified = new(Staging, 2, 0, null, 2, 0, null, null, null, Noon);

    public static readonly EnvironmentTerms Terms = new(
        Production,
        Plans.New,
        [Staging],
        Day,
        EnvironmentPolicy.Default,
        new string('c', 40),
        "Ann Lee <ann@example.com>",
        Noon.AddDays(-1)
    );

    /// <summary>Everything lets it through, once a day has passed since <see cref="Noon"/>.</summary>
    public static readonly PromotionFacts Facts = new(
        new PromotionQuestion(Production, Plans.New),
        Terms,
        Release,
        Validation: null,
        Capability: null,
        new EnvironmentState(5, 0, 0, null, Plans.Old.Name),
        [Verified],
        Hold: null,
        Running: null
    );

    public static readonly StartOrder Order = new("os/1000", Noon, "the day is calm", Older: false);

    public static readonly PromotionHold Hold = new(
        Production,
        Plans.New,
        Noon,
        new RolloutId("r-7"),
        "shop-oslo: the prices differ"
    );

    public static PromotionFacts Under(EnvironmentPolicy policy) =>
        Facts with
        {
            Terms = Terms with { Policy = policy },
        };

    public static PromotionFacts Under(GatePolicy gates) => Under(EnvironmentPolicy.Default with { Gates = gates });

    public static ReleaseRecord Judged(int errors) =>
        Release with
        {
            Validation = new ValidationSummary(
                new ValidationId("v-1"),
                null,
                new FindingCounts(errors, 1, 0),
                ReleaseClass.B,
                Noon,
                new string('0', 64)
            ),
        };

    public static ImmutableArray<UpstreamState> Only(UpstreamState upstream) => [upstream];
}
