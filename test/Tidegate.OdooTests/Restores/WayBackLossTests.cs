using System.Text.Json;
using Npgsql;
using Tidegate.Cli.Client;
using Tidegate.Contracts.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;
using Tidegate.OdooTests.Cutover;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Restores;

/// <summary>The control plane is killed inside the steps of a real shop's way back; its successor brings the shop back as if nothing had happened.</summary>
[Collection(nameof(WholeSite))]
public sealed class WayBackLossTests(WholeSite site)
{
    private const string Address = $"/api/tenants/{WholeSite.Database}/restore";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Length", "long")]
    [InlineData("measure-loss")]
    [InlineData("warm")]
    public Task Killed_in_a_step_the_shop_still_goes_back_once(string step) =>
        GoesBackAsync(step, () => KilledIn(step));

    [Fact]
    public Task Killed_while_the_checkpoint_takes_over_the_shop_still_goes_back_once() =>
        GoesBackAsync("adopt", () => KilledIn("adopt"));

    [Fact]
    [Trait("Length", "long")]
    public Task Killed_inside_the_swaps_transaction_the_shop_still_goes_back_once() =>
        GoesBackAsync("swap", KilledInsideTheSwapAsync);

    private async Task GoesBackAsync(string step, Func<Task<Func<Task>>> prepare)
    {
        var before = await site.ReleaseAsync();
        Assert.Equal("completed", (await site.EndAsync(await site.StartAsync(await site.NextReleaseAsync()))).Outcome);
        var sold = await site.SellAsync($"lost in {step}");
        await CaptureAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            site.OrderAsync(Address, new RestoreTenant("checkpoint", AcceptLoss: 1000))
        );
        Assert.Contains("1 payments captured", refused.Problem.What, StringComparison.Ordinal);

        string rollout;
        await using (var gates = await StepGates.ShutAsync(site, step))
        {
            var job = await site.OrderAsync(
                Address,
                new RestoreTenant("checkpoint", AcceptLoss: 1000, AcceptWhatLeft: true)
            );
            rollout = (await site.DoneAsync(job)).Deserialize<RestoredStateView>(Contracts.ApiJson.Options)!.Rollout!;
            await gates.ReachedAsync(step);
            var kill = await prepare();
            await gates.OpenAsync(step);
            await kill();
        }

        await site.UpAgainAsync();

        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(before, await site.ReleaseAsync());
        Assert.Equal(
            "0",
            await site.ScalarAsync(
                WholeSite.Database,
                "select count(*) from sale_order where client_order_ref like 'lost in %'"
            )
        );
        Assert.Equal(
            "1",
            await site.ScalarAsync(
                SitePostgres.Maintenance,
                """
                select count(*) from tidegate.swap s join pg_database d on d.oid::bigint = s.oid_after
                 where s.upgrade = $1 and s.swapped_back_at is null and d.datname = 'shop-oslo'
                """,
                (
                    await site.ScalarAsync(
                        DatabaseNames.ControlDatabase,
                        "select id from upgrade where rollout = $1",
                        rollout
                    )
                )!
            )
        );
        var evidence = new SiteLayout(site.Layout.Home).EvidenceOf(new(rollout), new(WholeSite.Database));
        Assert.Contains(
            sold,
            await File.ReadAllTextAsync(Path.Combine(evidence, "lost-orders.json"), Token),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(evidence, "*.new"));
        var again = await site.SellAsync("after the way back");
        Assert.True(SiteOrders.Number(again) > SiteOrders.Number(sold), $"{again} after {sold}");
        await Leftovers.AssertNoneAsync(site);
        await site.DropCheckpointsAsync();
    }

    private Task<Func<Task>> KilledIn(string step) =>
        Task.FromResult<Func<Task>>(async () =>
        {
            await Eventually.IsTrueAsync(
                async () =>
                    await site.ScalarAsync(
                        DatabaseNames.ControlDatabase,
                        "select count(*) from step_run s join upgrade u on u.id = s.upgrade where u.rollout like 'w-%' and s.step = $1",
                        step
                    )
                        is not "0",
                $"step {step} runs"
            );
            await site.KillAsync(SiteProcesses.ControlPlane);
        });

    /// <summary>The swap's last statement deletes the copy's row: whoever holds that row stops the transaction in its middle.</summary>
    private async Task<Func<Task>> KilledInsideTheSwapAsync()
    {
        var session = await site.OpenAsync(SitePostgres.Maintenance);
        var transaction = await session.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("select 1 from tidegate.copy for update", session, transaction);
        await hold.ExecuteNonQueryAsync(Token);
        return async () =>
        {
            await Eventually.IsTrueAsync(
                async () =>
                    await site.ScalarAsync(
                        SitePostgres.Maintenance,
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from tidegate.copy%'"
                    )
                        is not "0",
                "the swap is in its transaction"
            );
            await site.KillAsync(SiteProcesses.ControlPlane);
            await transaction.RollbackAsync(Token);
            await session.DisposeAsync();
        };
    }

    /// <summary>A payment as a provider's answer leaves it.</summary>
    private Task<string?> CaptureAsync() =>
        site.ScalarAsync(
            WholeSite.Database,
            """
            insert into payment_transaction (provider_id, payment_method_id, currency_id, partner_id, reference, state, amount)
            select (select min(id) from payment_provider), (select min(id) from payment_method), currency_id, partner_id,
                   'captured ' || gen_random_uuid(), 'done', 10
              from res_company order by id limit 1 returning id::text
            """
        );
}
