using CsCheck;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Protection;

namespace Tidegate.Tests.Protection;

/// <summary>Which restore counts for a tenant.</summary>
public sealed class RestoreProofsTests
{
    [Fact]
    public void A_restored_cluster_proves_the_tenants_whose_databases_it_held()
    {
        var proofs = new RestoreProofs(Proof("cluster", 1), ["shop_a", "shop_b__next"], []);

        Assert.Equal("cluster", proofs.Of(Shops.Tenant("a"))?.What);
        Assert.Equal("cluster", proofs.Of(Shops.Tenant("b"))?.What);
        Assert.Null(proofs.Of(Shops.Tenant("c")));
    }

    [Fact]
    public void A_tenant_is_proven_by_one_that_is_not_smaller_and_not_by_a_smaller_one()
    {
        var proofs = new RestoreProofs(
            null,
            [],
            [new(new("big"), 500, Proof("big", 1)), new(new("small"), 5, Proof("small", 0))]
        );

        Assert.Equal("big", proofs.Of(Shops.Tenant("a", 500))?.What);
        Assert.Equal("small", proofs.Of(Shops.Tenant("a", 4))?.What);
        Assert.Null(proofs.Of(Shops.Tenant("a", 501)));
        Assert.Null(proofs.Of(Shops.Tenant("a") with { Bytes = null }));
        Assert.Equal("small", proofs.Of(Shops.Tenant("small", 400))?.What);
    }

    [Fact]
    public void A_newer_failure_counts_and_one_that_nobody_measured_only_where_there_is_no_other()
    {
        var failed = Proof("failed", 1) with { Took = null, Failure = "it did not start" };
        var unmeasured = Proof("unmeasured", 0) with { Took = null };

        Assert.Equal("failed", Of(Proof("good", 2), failed, unmeasured)?.What);
        Assert.Equal("good", Of(Proof("good", 1), failed with { At = Shops.Noon.AddDays(-2) })?.What);
        Assert.Equal("unmeasured", Of(unmeasured)?.What);
    }

    /// <summary>The quick way to find a stratum's newest is the plain one.</summary>
    [Fact]
    public void A_stratum_is_every_tenant_that_is_not_smaller() =>
        Gen.Select(Gen.Select(Gen.Long[0, 20], Gen.Int[0, 1000]).Array[0, 30], Gen.Long[0, 21])
            .Sample(drawn =>
            {
                var tenants = drawn
                    .Item1.DistinctBy(each => each.Item2)
                    .Select(
                        (each, number) =>
                            new TenantProof(
                                new TenantName($"t{number}"),
                                each.Item1,
                                Proof($"{each.Item2}", each.Item2)
                            )
                    )
                    .ToList();

                var newest = tenants
                    .Where(each => each.Bytes >= drawn.Item2)
                    .Select(each => each.Proof)
                    .MaxBy(proof => proof.At);

                return new RestoreProofs(null, [], tenants).Of(Shops.Tenant("other", drawn.Item2)) == newest;
            });

    private static RestoreProof? Of(params RestoreProof[] proofs) =>
        new RestoreProofs(null, [], [.. proofs.Select(proof => new TenantProof(new TenantName("a"), null, proof))]).Of(
            Shops.Tenant("a")
        );

    private static RestoreProof Proof(string what, int days) =>
        new(what, Shops.Noon.AddDays(-days), TimeSpan.FromMinutes(1), null);
}
