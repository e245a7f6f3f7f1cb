using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tidegate.Cli;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Measurements;
using Tidegate.Drivers.Measurements;
using Tidegate.IntegrationTests.Cli;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Measurements;

/// <summary>A site measures itself, and plans are made with it.</summary>
public sealed class MeasuringTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plans_forecast_with_what_the_last_cutovers_took()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        Assert.Contains("a guess", await PlanAsync(plane), StringComparison.Ordinal);

        var rollout = await plane.StartRolloutAsync();
        await plane.UntilQueryAsync("select count(*)::text from upgrade where ending = 'completed'", "3");
        await PretendAsync(plane, rollout, bytes: 400_000_000, copySeconds: 4, holdSeconds: 9);
        await MeasureAsync(plane);

        var shown = await plane.RunAsync("checkpoint", "measurements", "--json");
        Assert.Contains("\"cutovers\": 3", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"copyBytesPerSecond\": 100000000", shown.Output, StringComparison.Ordinal);
        Assert.Contains("\"fixedHoldSeconds\": 5", shown.Output, StringComparison.Ordinal);
        Assert.Contains("by 3 cutovers of this site", await PlanAsync(plane), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cutover_that_was_tried_twice_measures_nothing()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        await plane.StartRolloutAsync();
        await plane.UntilQueryAsync("select count(*)::text from upgrade where ending = 'completed'", "3");
        await plane.QueryAsync(
            """
            insert into step_run (upgrade, step, epoch, started_at, ended_at, outcome)
            select upgrade, step, epoch, started_at, ended_at, 'put_off' from step_run where step = 'copy'
            """
        );

        Assert.Empty(
            await plane.Services.GetRequiredService<MeasurementStore>().CutoversAsync(new SiteName("local"), Token)
        );
    }

    [Fact]
    public async Task A_copy_that_the_disk_has_no_room_for_is_not_planned()
    {
        await using var plane = await ScriptedControlPlane.StartAsync(cluster);
        plane.Script.Free = 1 << 20;
        plane.Script.Disk = new(CanClone: false, "Operation not supported", FileCopyMethod: null, 100e6);
        await MeasureAsync(plane);

        var plan = await plane.RunAsync("rollout", "plan", "--release", "2026.11.2");
        var shown = await plane.RunAsync("checkpoint", "measurements");

        Assert.Equal(ExitCodes.Blocked, plan.Exit);
        Assert.Contains("has 1 MB free", plan.Output, StringComparison.Ordinal);
        Assert.Contains("files cannot be cloned: Operation not supported", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_is_tried_and_nothing_is_left_on_it()
    {
        await using var home = new SiteHome();
        await home.Site.StartPostgresAsync(home.Options, Token);
        var before = Directory.GetFileSystemEntries(home.Layout.Postgres);

        var probe = await new DiskProbe(home.Layout).ProbeAsync(Token);

        Assert.NotNull(probe);
        Assert.NotEmpty(probe.CloneReason);
        Assert.True(probe.CopyBytesPerSecond > 1e6);
        Assert.Equal(before, Directory.GetFileSystemEntries(home.Layout.Postgres));
        var kind = new DriveInfo(home.Layout.Postgres).DriveFormat;
        TestContext.Current.SendDiagnosticMessage($"{kind}: {probe}");
        if (kind is "ext4" or "ext3" or "tmpfs")
        {
            Assert.False(probe.CanClone); // these have no shared blocks, whatever a setting says
        }
    }

    private static async Task<string> PlanAsync(ScriptedControlPlane plane) =>
        (await plane.RunAsync("rollout", "plan", "--release", "2026.11.3")).Output;

    private static async Task MeasureAsync(ScriptedControlPlane plane) =>
        await plane.Services.GetServices<IHostedService>().OfType<MeasuringLoop>().Single().TurnAsync(Token);

    /// <summary>Gives the cutovers of a rollout the size and the times of real ones.</summary>
    private static async Task PretendAsync(
        ScriptedControlPlane plane,
        string rollout,
        long bytes,
        int copySeconds,
        int holdSeconds
    ) =>
        await plane.QueryAsync(
            $"""
            with sized as (update upgrade set checkpoint_bytes = {bytes} where rollout = $1 returning id),
            opened as (
                update step_run set ended_at = h.started_at + interval '{holdSeconds} s'
                  from step_run h, sized
                 where step_run.upgrade = sized.id and h.upgrade = sized.id and step_run.step = 'open' and h.step = 'hold')
            update step_run set ended_at = started_at + interval '{copySeconds} s'
              from sized where upgrade = sized.id and step = 'copy' returning step
            """,
            rollout
        );
}
