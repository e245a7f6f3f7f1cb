using Tidegate.Drivers.Odoo;

namespace Tidegate.OdooTests.Odoo;

/// <summary>What both ways to migrate promise: the same log, the same result, once.</summary>
[Collection(nameof(CutoverSite))]
[Trait("Suite", "conformance")]
[Trait("Length", "long")]
public sealed class MigratorContractTests(CutoverSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("forked")]
    [InlineData("process")]
    public async Task A_migration_leaves_its_log_and_its_result_and_is_never_made_twice(string kind)
    {
        var request = await site.MigrationAsync($"once-{kind}", "2026.11.2", "shop_suite");
        var migrator = site.Migrator(kind);

        var result = await migrator.MigrateAsync(request, Token);
        var log = await MigrationLog.FindAsync(request.Files.Log, Token);
        var again = await migrator.MigrateAsync(request, Token);

        Assert.True(result.IsClean, $"exit {result.Exit}, signal {result.Signal}: {log?.LastActivity?.Message}");
        Assert.True(result.WallS > 0 && result.CpuS > 0);
        Assert.True(log!.ModulesLoaded);
        Assert.Equal(0, log.ErrorCount);
        Assert.Equal(result, again);
        Assert.Equal(log.Records, (await MigrationLog.FindAsync(request.Files.Log, Token))!.Records);
        TestContext.Current.SendDiagnosticMessage($"{kind}: {result.WallS} s, {result.CpuS} s of processor time");
    }

    [Theory]
    [InlineData("forked")]
    [InlineData("process")]
    public async Task A_migration_that_is_ended_is_gone_with_its_sessions_and_was_not_clean(string kind)
    {
        var request = await site.MigrationAsync($"ended-{kind}", "2026.11.2", "shop_suite");
        var migrator = site.Migrator(kind);
        var running = migrator.MigrateAsync(request, Token);
        await Fixtures.Eventually.IsTrueAsync(() => HasSessionsAsync(request), "the migration has a session");

        await migrator.EndAsync(request.Files.Pool, request.Files.Release, request.Database, request.Epoch, Token);

        Assert.False((await running).IsClean);
        await Fixtures.Eventually.IsTrueAsync(async () => !await HasSessionsAsync(request), "its sessions have ended");
    }

    [Theory]
    [InlineData("forked")]
    [InlineData("process")]
    public async Task Whoever_stops_waiting_does_not_stop_the_migration(string kind)
    {
        var request = await site.MigrationAsync($"waited-{kind}", "2026.11.2", "shop_suite");
        var migrator = site.Migrator(kind);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = migrator.MigrateAsync(request, impatient.Token);
        await Fixtures.Eventually.IsTrueAsync(() => HasSessionsAsync(request), "the migration has a session");
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.True((await migrator.MigrateAsync(request, Token)).IsClean);
    }

    private async Task<bool> HasSessionsAsync(MigrationRequest request) =>
        await site.ScalarAsync(
            "postgres",
            $"SELECT 1 FROM pg_stat_activity WHERE datname = '{request.Database}' AND application_name = 'tidegate:{request.Tenant}:{request.Epoch}'"
        )
            is not null;
}
