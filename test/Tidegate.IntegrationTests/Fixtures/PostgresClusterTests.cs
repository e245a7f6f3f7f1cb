namespace Tidegate.IntegrationTests.Fixtures;

public sealed class PostgresClusterTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    [Fact]
    public async Task A_cluster_that_was_killed_starts_again_with_what_was_committed()
    {
        await cluster.ExecuteAsync("postgres", "create table kept (id int)", "insert into kept values (7)");

        await cluster.KillAsync();
        await cluster.StartAsync();

        Assert.Equal("7", await cluster.ScalarAsync("postgres", "select id from kept"));
    }
}
