using Npgsql;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>The control plane is killed inside real steps; its successor ends what it began as if nothing had happened.</summary>
[Collection(nameof(WholeSite))]
public sealed class ControlPlaneLossTests(WholeSite site)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Length", "long")]
    [InlineData("preflight")]
    [InlineData("start-generation")]
    [InlineData("baseline")]
    [InlineData("hold")]
    [InlineData("fence")]
    [InlineData("migrate")]
    [InlineData("judge")]
    [InlineData("warm")]
    [InlineData("verify")]
    [InlineData("open")]
    [InlineData("retire")]
    public async Task A_control_plane_killed_in_a_step_leaves_the_same_end_state(string step)
    {
        var release = await site.NextReleaseAsync("time.sleep(1)");
        var rollout = await site.StartAsync(release);

        await site.UntilRunsAsync(rollout, step);
        await site.KillAsync(SiteProcesses.ControlPlane);
        await site.UpAgainAsync();

        await AssertCompletedAsync(rollout, release);
    }

    [Theory]
    [Trait("Length", "long")]
    [InlineData("drop-copy")]
    [InlineData("unfence")]
    [InlineData("reopen")]
    public async Task A_control_plane_killed_on_the_way_back_still_brings_the_tenant_back(string step)
    {
        var before = await site.ScalarAsync(
            "postgres",
            $"select oid::text from pg_database where datname = '{WholeSite.Database}'"
        );
        var release = await site.NextReleaseAsync("raise ValueError('this migration fails on purpose')");
        var rollout = await site.StartAsync(release);

        await site.UntilRunsAsync(rollout, step);
        await site.KillAsync(SiteProcesses.ControlPlane);
        await site.UpAgainAsync();

        var view = await site.EndAsync(rollout);
        Assert.Equal("rolled_back", view.Outcome);
        Assert.Equal(
            before,
            await site.ScalarAsync(
                "postgres",
                $"select oid::text from pg_database where datname = '{WholeSite.Database}'"
            )
        );
        await Leftovers.AssertNoneAsync(site);
    }

    [Fact]
    public async Task A_control_plane_killed_while_postgresql_copies_makes_the_copy_anew()
    {
        var release = await site.NextReleaseAsync();
        var rollout = await site.StartAsync(release);

        await Eventually.IsTrueAsync(
            async () =>
                await site.ScalarAsync(
                    "postgres",
                    "select count(*) from pg_stat_activity where state = 'active' and query like 'CREATE DATABASE%__next%' and pid <> pg_backend_pid()"
                )
                    is not "0",
            "PostgreSQL copies"
        );
        await site.KillAsync(SiteProcesses.ControlPlane);
        await site.UpAgainAsync();

        await AssertCompletedAsync(rollout, release);
    }

    [Fact]
    public async Task A_control_plane_killed_inside_the_swap_transaction_swaps_once()
    {
        var release = await site.NextReleaseAsync();
        var rollout = await site.StartAsync(release);

        // The swap's last statement deletes the copy's row: whoever holds that row stops the transaction in its middle.
        await site.UntilRunsAsync(rollout, "judge");
        await using (var session = await site.OpenAsync("postgres"))
        {
            await using var transaction = await session.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand("select 1 from tidegate.copy for update", session, transaction);
            await hold.ExecuteNonQueryAsync(Token);
            await Eventually.IsTrueAsync(
                async () =>
                    await site.ScalarAsync(
                        "postgres",
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from tidegate.copy%'"
                    )
                        is not "0",
                "the swap is in its transaction"
            );
            await site.KillAsync(SiteProcesses.ControlPlane);
            await transaction.RollbackAsync(Token);
        }

        await site.UpAgainAsync();

        await AssertCompletedAsync(rollout, release);
        Assert.Equal(
            "1",
            await site.ScalarAsync(
                "postgres",
                "select count(*) from tidegate.swap s where s.swapped_back_at is null and s.oid_after = (select oid::bigint from pg_database where datname = 'shop-oslo')"
            )
        );
    }

    private async Task AssertCompletedAsync(string rollout, string release)
    {
        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(release, view.Tenants.Single().ReleaseAfter);
        await Leftovers.AssertNoneAsync(site);
    }
}
