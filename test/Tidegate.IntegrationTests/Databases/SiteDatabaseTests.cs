using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Databases;

public sealed class SiteDatabaseTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task Preparing_a_site_twice_equals_once_and_leaves_no_superuser_but_the_bootstrap_one()
    {
        await PrepareAsync();
        await PrepareAsync();

        Assert.Equal(
            "postgres",
            await cluster.ScalarAsync("postgres", "select string_agg(rolname, ',') from pg_roles where rolsuper")
        );
        Assert.Equal(
            "0",
            await cluster.ScalarAsync("postgres", "select count(*) from tidegate.tenant_epoch", DatabaseNames.SiteRole)
        );
        Assert.Equal(
            "tidegate_control",
            await cluster.ScalarAsync("tidegate", "select current_user", DatabaseNames.ControlRole)
        );
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("template1")]
    [InlineData("tidegate")]
    public async Task A_role_without_a_grant_may_connect_nowhere(string database)
    {
        await PrepareAsync();
        await cluster.ExecuteAsync("postgres", $"create role \"nobody of {database}\" login");

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            cluster.OpenAsync(database, $"nobody of {database}")
        );

        Assert.Equal("42501", refused.SqlState);
    }

    /// <summary>A site where the control plane lives too.</summary>
    private async Task PrepareAsync()
    {
        await SiteDatabase.PrepareAsync(cluster.Site, TestContext.Current.CancellationToken);
        await SiteDatabase.PrepareControlAsync(cluster.Site, TestContext.Current.CancellationToken);
    }
}
