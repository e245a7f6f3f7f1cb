using Tidegate.ControlPlane.Backups;
using Tidegate.Drivers.Recovery;

namespace Tidegate.Tests.Backups;

public sealed class RecoveryLogTests
{
    [Fact]
    public void A_recovery_is_followed_to_its_end()
    {
        var log = new RecoveryLog();
        foreach (
            var line in """
                2026-11-26 11:08:45.153 UTC [20939] LOG:  starting PostgreSQL 15.18
                2026-11-26 11:08:47.802 UTC [20942] LOG:  starting point-in-time recovery to WAL location (LSN) "0/50136D0"
                2026-11-26 11:08:47.870 UTC [20942] LOG:  restored log file "000000010000000000000004" from archive
                2026-11-26 11:08:48.000 UTC [20942] LOG:  redo in progress, elapsed time: 1.00 s, current LSN: 0/4800000
                2026-11-26 11:08:48.001 UTC [20942] LOG:  recovery stopping before WAL location (LSN) "0/50136D0"
                2026-11-26 11:08:48.002 UTC [20942] LOG:  redo done at 0/5013680 system usage: CPU: user: 0.00 s
                2026-11-26 11:08:48.002 UTC [20942] LOG:  last completed transaction was at log time 2026-11-26 11:08:40.806871+00
                2026-11-26 11:08:48.100 UTC [21000] FATAL:  the database system is starting up
                2026-11-26 11:08:48.200 UTC [20939] LOG:  database system is ready to accept connections
                """.Split('\n')
        )
        {
            log.Add(line.Trim());
        }

        Assert.True(log.IsReady);
        Assert.Null(log.Fatal);
        Assert.Empty(log.InvalidPages);
        Assert.Equal(WalPosition.Parse("0/5013680"), log.Reached);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 11, 8, 40, 806, 871, TimeSpan.Zero), log.LastCommit);
    }

    [Fact]
    public void A_page_that_is_missing_counts_for_its_database()
    {
        var log = new RecoveryLog();
        log.Add("2026 UTC [1] WARNING:  page 3 of relation base/16390/16391 does not exist");
        log.Add("2026 UTC [1] WARNING:  page 4 of relation base/16390/16391_vm is uninitialized");
        log.Add("2026 UTC [1] WARNING:  page 0 of relation pg_tblspc/17/PG_15_202209061/16400/5 does not exist");
        log.Add("2026 UTC [1] WARNING:  page 0 of relation global/1262 does not exist");
        log.Add("2026 UTC [1] WARNING:  WAL contains references to invalid pages");

        Assert.Equal(2, log.InvalidPages[16390]);
        Assert.Equal(1, log.InvalidPages[16400]);
        Assert.Equal(1, log.InvalidPages[RecoveryLog.Shared]);
        Assert.Equal(3, log.InvalidPages.Count);
    }

    [Theory]
    [InlineData("2026 UTC [1] FATAL:  recovery ended before configured recovery target was reached")]
    [InlineData("2026 UTC [1] PANIC:  WAL contains references to invalid pages")]
    public void Why_it_gave_up_is_told(string line)
    {
        var log = new RecoveryLog();

        log.Add(line);

        Assert.NotNull(log.Fatal);
        Assert.False(log.IsReady);
    }

    [Fact]
    public void What_is_named_after_a_wanted_database_comes_along_and_one_that_is_unknown_brings_all()
    {
        BackedUpDatabase[] there =
        [
            new("shop", 1),
            new("shop__next", 2),
            new("shop__old_1a", 3),
            new("shop_two", 4),
            new("postgres", 5),
        ];

        var included = IncludedDatabases.Of(["shop"], [.. there]);
        Assert.Equal(["shop", "shop__next", "shop__old_1a"], included.Names);
        Assert.True(included.LeavesOut);
        Assert.False(IncludedDatabases.Of([], [.. there]).LeavesOut);
        Assert.False(IncludedDatabases.Of(["shop", "later"], [.. there]).LeavesOut);
        Assert.Empty(IncludedDatabases.Of(["shop", "later"], [.. there]).Names);
        Assert.True(IncludedDatabases.Of(["postgres", "shop"], [.. there]).LeavesOut);
    }
}
