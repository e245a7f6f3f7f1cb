using Tidegate.ControlPlane.Measurements;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.TestKit;

namespace Tidegate.Tests.Rollouts;

public sealed class CheckpointStrategyPlannerTests
{
    private const long Megabyte = 1 << 20;

    private static readonly HostProbe Ext4 = new(false, "Operation not supported", null, 200e6);
    private static readonly HostProbe Cloning = new(true, "cloned", "clone", 200e6);

    [Fact]
    public void A_small_database_is_copied_while_visitors_are_held()
    {
        var chosen = Chosen(50 * Megabyte, SiteMeasurements.None);

        Assert.Equal(CheckpointStrategy.FileCopy, chosen.Strategy);
        Assert.Contains("a guess", chosen.Reason, StringComparison.Ordinal);
        Assert.Equal(
            ["wal-log", "clone", "dump", "restore-point"],
            chosen.Others.Select(other => other.Strategy.Name())
        );
    }

    [Fact]
    public void A_database_too_large_for_the_hold_shows_the_maintenance_page_and_one_beyond_the_rule_is_refused()
    {
        Assert.Contains(
            "maintenance page",
            Chosen(10_000 * Megabyte, SiteMeasurements.None).Reason,
            StringComparison.Ordinal
        );
        var refused = Assert.IsType<StrategyChoice.Refused>(Choose(30_000 * Megabyte, SiteMeasurements.None));
        Assert.Contains("in-place with restore point", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_forecast_is_the_sites_own_once_it_has_measured_one()
    {
        var pace = new CutoverPace(12, 200e6, TimeSpan.FromSeconds(4));

        var chosen = Chosen(1_000_000_000, SiteMeasurements.None with { Own = pace });

        Assert.Equal(TimeSpan.FromSeconds(9), chosen.Hold);
        Assert.Contains("12 cutovers of this site", chosen.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_running_backup_the_copy_goes_through_the_log_and_the_plan_stays_the_same()
    {
        var calm = Chosen(50 * Megabyte, SiteMeasurements.None);
        var backup = Chosen(50 * Megabyte, SiteMeasurements.None with { BackupRuns = true });

        Assert.Equal(CheckpointStrategy.WalLog, backup.Strategy);
        Assert.Equal(calm.Decided, backup.Decided);
        Assert.Contains(
            backup.Others,
            other => other is { Strategy: CheckpointStrategy.FileCopy } && other.Reason.Contains("backup")
        );
    }

    [Theory]
    [InlineData(false, null, "files cannot be cloned")]
    [InlineData(true, null, "PostgreSQL 18")]
    [InlineData(true, "copy", "file_copy_method")]
    public void A_clone_is_never_chosen_where_the_disk_or_PostgreSQL_does_not_make_one(
        bool disk,
        string? method,
        string because
    )
    {
        var probe = Ext4 with { CanClone = disk, FileCopyMethod = method };

        var chosen = Chosen(50 * Megabyte, SiteMeasurements.None with { Probe = probe });

        Assert.Equal(CheckpointStrategy.FileCopy, chosen.Strategy);
        Assert.Contains(
            because,
            chosen.Others.Single(other => other.Strategy is CheckpointStrategy.Clone).Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Ext4_does_not_clone_although_PostgreSQL_was_told_to()
    {
        var told = SiteMeasurements.None with { Probe = Ext4 with { FileCopyMethod = "clone" } };

        Assert.Equal(CheckpointStrategy.FileCopy, Chosen(50 * Megabyte, told).Strategy);
    }

    [Fact]
    public void Where_files_are_cloned_size_does_not_matter()
    {
        var chosen = Chosen(500_000 * Megabyte, SiteMeasurements.None with { Probe = Cloning });

        Assert.Equal(CheckpointStrategy.Clone, chosen.Strategy);
        Assert.Equal(TimeSpan.FromSeconds(7), chosen.Hold);
    }

    [Fact]
    public void A_copy_that_does_not_fit_the_disk_is_refused_with_the_numbers()
    {
        var site = SiteMeasurements.None with { FreeBytes = 1100 * Megabyte };

        var refused = Assert.IsType<StrategyChoice.Refused>(Choose(1000 * Megabyte, site));

        Assert.Contains("1200 MB", refused.Reason, StringComparison.Ordinal);
        Assert.Contains("1100 MB free", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<StrategyChoice.Chosen>(Choose(1000 * Megabyte, site with { FreeBytes = 1201 * Megabyte }));
    }

    [Fact]
    public void The_hash_names_the_strategy_and_not_the_forecast()
    {
        RolloutPlan Plan(SiteMeasurements site) =>
            RolloutPlanner.Plan(
                new(new("production"), Plans.New, new RolloutPolicy(), []),
                [Plans.Candidate(1) with { Site = site }]
            );
        var guess = Plan(SiteMeasurements.None);
        var pace = new CutoverPace(9, 1e6, TimeSpan.FromSeconds(1));

        Assert.Equal(guess.Hash, Plan(SiteMeasurements.None with { Own = pace, BackupRuns = true }).Hash);
        Assert.NotEqual(guess.Hash, Plan(SiteMeasurements.None with { Probe = Cloning }).Hash);
    }

    private static StrategyChoice.Chosen Chosen(long bytes, SiteMeasurements site) =>
        Assert.IsType<StrategyChoice.Chosen>(Choose(bytes, site));

    private static StrategyChoice Choose(long bytes, SiteMeasurements site) =>
        CheckpointStrategyPlanner.Choose(new(bytes, TimeSpan.FromMinutes(2), 20_000 * Megabyte, site));
}
