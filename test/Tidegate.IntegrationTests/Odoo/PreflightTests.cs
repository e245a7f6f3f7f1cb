using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;
using Tidegate.IntegrationTests.Databases;

namespace Tidegate.IntegrationTests.Odoo;

/// <summary>What has come up since the plan is found by the first step, which touches nothing.</summary>
public sealed class PreflightTests(SiteCluster cluster) : IClassFixture<SiteCluster>, IDisposable
{
    private readonly SiteLayout _layout = new(Directory.CreateTempSubdirectory("tg-preflight-").FullName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_update_that_never_ended_is_refused_and_leaves_no_trace()
    {
        var shop = await OdooShopAsync("to upgrade");
        var before = await shop.StateAsync();

        var failed = Assert.IsType<StepOutcome.Failed>(await CheckAsync(shop, new Preflight(1L << 30)));

        Assert.Contains("sale (to upgrade)", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await shop.StateAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_layout.Home));
    }

    [Fact]
    public async Task A_database_that_has_grown_over_the_bound_is_refused()
    {
        var shop = await OdooShopAsync("installed");

        var failed = Assert.IsType<StepOutcome.Failed>(await CheckAsync(shop, new Preflight(1 << 20)));

        Assert.Contains("no more than 1 MB are copied", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_s_session_is_refused_unless_the_tenant_declares_its_role()
    {
        var shop = await OdooShopAsync("to upgrade");
        await using var stranger = await cluster.Postgres.OpenAsync(shop.Database);
        var declared = shop.Target with { Profile = shop.Target.Profile with { ExternalRoles = ["postgres"] } };

        var undeclared = Assert.IsType<StepOutcome.Failed>(await CheckAsync(shop, new Preflight(1L << 30)));
        var known = Assert.IsType<StepOutcome.Failed>(await CheckAsync(shop, new Preflight(1L << 30), declared));

        Assert.Contains("Role postgres is connected", undeclared.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Role postgres", known.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_layout.Home, recursive: true);

    private Task<StepOutcome> CheckAsync(Shop shop, Preflight step, UpgradeTarget? target = null) =>
        new PreflightHandler(_layout, cluster.Site).RunAsync(
            step,
            shop.Context() with
            {
                Target = target ?? shop.Target,
            },
            Token
        );

    private async Task<Shop> OdooShopAsync(string state)
    {
        var shop = await cluster.NewShopAsync();
        await shop.AsAsync(
            shop.OldRole,
            shop.Database,
            "create table ir_module_module (name text, state text)",
            $"insert into ir_module_module values ('sale', '{state}')"
        );
        return shop;
    }
}
