using Npgsql;
using Tidegate.ControlPlane.Copies;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Copies;

public sealed class CopyStoreTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static readonly SiteName Site = new("local");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_known_until_it_is_forgotten_and_the_ledger_keeps_both()
    {
        await using var control = await OpenAsync();
        var store = new CopyStore(control, TimeProvider.System);

        var id = await store.RecordAsync(Copy("shop__0badcafe"), Token);
        var again = await store.RecordAsync(Copy("shop__0badcafe") with { Bytes = 7 }, Token);
        var there = await store.ListAsync(null, null, Token);
        await store.ForgetAsync(id, "ada", null, Token);
        await store.ForgetAsync(id, "ada", null, Token);

        Assert.Equal(id, again);
        Assert.Equal((id, 7L), (Assert.Single(there).Id, there[0].What.Bytes));
        Assert.Empty(await store.ListAsync(null, null, Token));
        Assert.Null(await store.FindAsync(id, Token));
        Assert.NotEqual(id, await store.RecordAsync(Copy("shop__0badcafe"), Token));
        Assert.Equal(3, await CountAsync(control, "select count(*) from ledger where tenant = 'shop'"));
    }

    [Fact]
    public async Task Its_time_can_be_put_off_and_only_what_nobody_works_on_is_due()
    {
        await using var control = await OpenAsync();
        var store = new CopyStore(control, TimeProvider.System);
        var job = await new JobStore(control, TimeProvider.System).OrderAsync(
            new JobKind<string, string>("test"),
            new JobOrder<string>(Site, "shop", "", "ada"),
            Token
        );
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var idle = await store.RecordAsync(Copy("shop__00000001") with { ExpiresAt = past }, Token);
        await store.RecordAsync(Copy("shop__00000002") with { ExpiresAt = past, Job = job }, Token);
        await store.RecordAsync(Copy("shop__00000003"), Token);

        var due = await store.DueAsync(Site, Token);
        Assert.True(await store.ExtendAsync(idle, past.AddDays(7), "ada", "still needed", Token));

        Assert.Equal(idle, Assert.Single(due).Id);
        Assert.Empty(await store.DueAsync(Site, Token));
        Assert.False(await store.ExtendAsync(new CopyId("c-none"), past.AddDays(7), "ada", null, Token));
        Assert.Contains(job, (await store.WorkAsync(Site, Token)).Jobs);
    }

    [Fact]
    public async Task Copies_are_found_by_tenant_and_site()
    {
        await using var control = await OpenAsync();
        var store = new CopyStore(control, TimeProvider.System);
        await store.RecordAsync(Copy("shop__00000001"), Token);
        await store.RecordAsync(Copy("other__00000002") with { Tenant = new("other") }, Token);
        await store.RecordAsync(
            Copy("/srv/files") with
            {
                Database = null,
                Folder = "/srv/files",
                Site = new("oslo"),
            },
            Token
        );

        Assert.Equal(2, (await store.ListAsync("shop", null, Token)).Count);
        Assert.Equal("/srv/files", Assert.Single(await store.ListAsync(null, "oslo", Token)).Place);
        Assert.Equal("shop__00000001", Assert.Single(await store.ListAsync("shop", "local", Token)).Place);
    }

    private async Task<NpgsqlDataSource> OpenAsync() => ControlDatabase.Open(await cluster.ControlDatabaseAsync());

    private static async Task<long> CountAsync(NpgsqlDataSource control, string query)
    {
        await using var command = control.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static NewCopy Copy(string database) =>
        new(
            CopyKind.Rehearsal,
            new TenantName("shop"),
            Site,
            "job j-1",
            "rehearsal of 2026.11.2",
            Job: null,
            database,
            Folder: null,
            Bytes: 1,
            IsMasked: false,
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
}
