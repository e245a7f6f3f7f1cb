using Microsoft.Extensions.Time.Testing;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Tests.Refreshes;

/// <summary>Which states that were brought say something of a backup.</summary>
public sealed class BroughtBackupsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Whoever_compared_every_table_has_seen_the_backup_come_back_and_how_long_that_took()
    {
        var check = await CheckAsync(new RestoreTarget.Backup("b1"), compared: 40);

        Assert.Equal(new RestoreCheck(Now.AddSeconds(90), 90, 40, 7), check);
    }

    [Fact]
    public async Task Where_nothing_was_compared_nothing_is_known() =>
        Assert.Null(await CheckAsync(new RestoreTarget.Backup("b1"), compared: 0));

    [Fact]
    public async Task A_checkpoint_is_no_backup() =>
        Assert.Null(await CheckAsync(new RestoreTarget.Checkpoint(new("u-1")), compared: 40));

    private static async Task<RestoreCheck?> CheckAsync(RestoreTarget target, int compared)
    {
        var clock = new FakeTimeProvider(Now);
        var brought = new BroughtBackups(new Brings(clock, compared), clock);
        var (_, check) = await brought.BringAsync(
            new(new JobId("j-1"), 1, new("shop-oslo"), new("shared"), "shop-oslo", target, Into: null),
            (_, _) => Task.CompletedTask,
            TestContext.Current.CancellationToken
        );
        return check;
    }

    /// <summary>Brings a state in ninety seconds.</summary>
    private sealed class Brings(FakeTimeProvider clock, int compared) : ISiteRestores
    {
        public Task<PreparedState> PrepareAsync(
            StateOrder order,
            Func<JobProgress, CancellationToken, Task> report,
            CancellationToken cancellationToken
        )
        {
            clock.Advance(TimeSpan.FromSeconds(90));
            return Task.FromResult(
                new PreparedState(new("state", 1, null, null), new(Now, null), null, null, Files: 7, 0, "brought")
                {
                    Compared = compared,
                }
            );
        }

        public Task<TenantStates> StatesAsync(
            TenantName tenant,
            string database,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<WayBackPrice> PriceAsync(
            string database,
            WrittenSince since,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<JudgedPoint> JudgeAsync(JudgePoint question, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<string> KeepAsync(
            StateOrder order,
            PreparedState state,
            ReleaseDigest release,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task CleanUpAsync(StateOrder order, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DropAsync(StateOrder order, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
