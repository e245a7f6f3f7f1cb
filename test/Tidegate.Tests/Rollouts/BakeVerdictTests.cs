using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Rollouts;

public sealed class BakeVerdictTests
{
    private static readonly UpgradeTarget Target = new(
        new TenantName("shop-oslo"),
        new PoolName("shared"),
        2,
        "oslo",
        ["oslo.example"],
        new TenantProfile("admin", "secret", ImmutableArray<string>.Empty),
        new("2026.11.1", new($"sha256:{new string('a', 64)}")),
        new("2026.11.2", new($"sha256:{new string('b', 64)}")),
        [],
        []
    );

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(4, 4)] // too few to say anything
    [InlineData(1000, 20)] // as many as may
    public void A_tenant_within_its_share_is_well(long answered, long failed) =>
        Assert.Null(BakeVerdict.Complaint(new Bake(TimeSpan.FromMinutes(1), 0.02), Target, answered, failed));

    [Theory]
    [InlineData(5, 5)]
    [InlineData(1000, 21)]
    public void A_tenant_over_its_share_is_named_with_the_figures(long answered, long failed) =>
        Assert.Equal(
            $"{failed} of {answered} requests of shop-oslo failed since it was opened on 2026.11.2; up to 2.0 % may",
            BakeVerdict.Complaint(new Bake(TimeSpan.FromMinutes(1), 0.02), Target, answered, failed)
        );
}
