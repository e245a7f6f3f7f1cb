using Tidegate.Simulator.World;
using Tidegate.TestKit;

namespace Tidegate.Tests.Simulation;

/// <summary>Each invariant finds the state that breaks it.</summary>
public sealed class InvariantTests
{
    private readonly SimulatedSite site = SimulatedSite.Of(Plans.Of(1));
    private readonly SimulatedTenant tenant;

    public InvariantTests() => tenant = site.Tenants.Single();

    [Fact]
    public void A_site_that_nobody_touched_breaks_none() =>
        Assert.Empty(Invariants.AtRest(site, new HashSet<ControlPlane.Rollouts.UpgradeId>()));

    [Fact]
    public void A_tenant_without_a_database_is_found() =>
        AssertFound("has no database", () => tenant.Databases.Clear());

    [Fact]
    public void A_database_without_an_owner_is_found() => AssertFound("has no owner", () => tenant.Live.Owner = "");

    [Fact]
    public void Two_releases_on_one_database_are_found() =>
        AssertFound("may be written to", () => tenant.Live.Writers.Add(Plans.New.Digest));

    [Fact]
    public void A_migration_in_place_is_found() =>
        AssertFound("migrated in place", () => tenant.Live.MigrationBegan = true);

    [Fact]
    public void A_failed_request_is_found() =>
        AssertFound(
            "requests to t1 failed",
            () =>
            {
                tenant.Live.IsClosed = true;
                site.Order(tenant.Name);
            }
        );

    [Fact]
    public void A_lost_order_is_found() =>
        AssertFound(
            "has 0 orders, its users know of 1",
            () =>
            {
                site.Order(tenant.Name);
                tenant.Live.Orders.Clear();
            }
        );

    [Fact]
    public void What_is_left_over_is_found()
    {
        tenant.Databases["db1__next"] = tenant.Live.Copy(site.NextOid());
        tenant.Hold = new("u-1");
        tenant.Links.Add(new("u-1"));
        site.StartGeneration(tenant.Pool, Plans.New.Digest, new("u-1"));

        var found = string.Join('\n', Invariants.AtRest(site, new HashSet<ControlPlane.Rollouts.UpgradeId>()));

        Assert.Contains("still held", found, StringComparison.Ordinal);
        Assert.Contains("db1__next", found, StringComparison.Ordinal);
        Assert.Contains("keeps a checkpoint", found, StringComparison.Ordinal);
        Assert.Contains("a generation of", found, StringComparison.Ordinal);
    }

    private void AssertFound(string sentence, Action breaks)
    {
        breaks();

        Assert.Contains(Invariants.Always(site), violation => violation.Contains(sentence, StringComparison.Ordinal));
    }
}
