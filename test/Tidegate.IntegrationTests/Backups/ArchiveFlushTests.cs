using Tidegate.ControlPlane.Jobs;
using Tidegate.Drivers.Backups;

namespace Tidegate.IntegrationTests.Backups;

/// <summary>How long the archive is waited for, on real PostgreSQL, by a clock that runs twenty times as fast.</summary>
public sealed class ArchiveFlushTests(BackedUpSite site) : IClassFixture<BackedUpSite>
{
    private const int Speed = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ArchiveFlush Archive => new(site.Home.Layout.Cluster, new FastClock());

    /// <summary>What lies before it takes 160 s of that clock.</summary>
    [Fact]
    public async Task An_archive_that_comes_nearer_is_waited_for_however_much_lies_before()
    {
        await ArchivingAsync("sleep 1");
        for (var segment = 0; segment < 8; segment++)
        {
            await site.ExecuteAsync(
                "postgres",
                "select pg_logical_emit_message(false, 'tidegate', 'something')",
                "select pg_switch_wal()"
            );
        }

        var began = TimeProvider.System.GetTimestamp();
        var end = await Archive.RunAsync(Token);

        Assert.NotNull(end.CommittedAt);
        Assert.True(
            TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMinutes(1) / Speed,
            "nothing lay before it"
        );
    }

    [Fact]
    public async Task One_that_stands_still_is_given_up()
    {
        await ArchivingAsync("sleep 8");

        var refused = await Assert.ThrowsAsync<JobFailedException>(() => Archive.RunAsync(Token));

        Assert.Contains("for 60 s no other was", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What was to be archived before is: the archiver reads its command before each segment.</summary>
    private async Task ArchivingAsync(string command)
    {
        await site.ExecuteAsync("postgres", "alter system reset archive_command", "select pg_reload_conf()");
        await site.Archive.RunAsync(Token);
        await site.ExecuteAsync(
            "postgres",
            $"alter system set archive_command = '{command}'",
            "select pg_reload_conf()"
        );
    }

    private sealed class FastClock : TimeProvider
    {
        private readonly DateTimeOffset _began = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _began + ((System.GetUtcNow() - _began) * Speed);
    }
}
