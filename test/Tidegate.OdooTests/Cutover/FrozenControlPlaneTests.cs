using System.Collections.Immutable;
using Tidegate.OdooTests.Fixtures;

namespace Tidegate.OdooTests.Cutover;

/// <summary>
/// Control planes stand still (SIGSTOP) at the beginning of every real step for longer than their lease; the next one
/// takes over each time. When they all go on (SIGCONT) after the rollout has ended, they change nothing, anywhere.
/// </summary>
[Trait("Length", "long")]
[Collection(nameof(WholeSite))]
public sealed class FrozenControlPlaneTests(WholeSite site)
{
    private static readonly string[] Forward =
    [
        "preflight",
        "start-generation",
        "baseline",
        "link-filestore",
        "quiesce",
        "hold",
        "fence",
        "copy",
        "migrate",
        "judge",
        "swap",
        "warm",
        "verify",
        "open",
        "bake",
        "retire",
    ];

    private static readonly string[] Back = ["swap-back", "drop-copy", "unfence", "reopen", "clean-up"];

    [Fact]
    public async Task Frozen_at_every_step_of_a_good_release_they_change_nothing_when_they_wake()
    {
        var release = await site.NextReleaseAsync();
        await using var planes = await ControlPlanes.BeginAsync(site);
        await using var gates = await StepGates.ShutAsync(site, Forward);
        var rollout = await site.StartAsync(release);

        var frozen = await FreezeAtEachAsync(planes, gates, Forward);

        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "completed", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(release, view.Tenants.Single().ReleaseAfter);
        await AssertNothingChangesAsync(planes, frozen);
    }

    [Fact]
    public async Task Frozen_at_every_step_of_a_way_back_after_the_swap_they_change_nothing_when_they_wake()
    {
        var before = await DatabaseAsync();
        string[] steps = [.. Forward[..^3], .. Back];
        var release = await site.NextReleaseAsync();
        await using var planes = await ControlPlanes.BeginAsync(site);
        await using var gates = await StepGates.ShutAsync(site, [.. Forward, .. Back]);
        var rollout = await site.StartAsync(release);

        var frozen = await FreezeAtEachAsync(planes, gates, [.. Forward[..^4]]);
        await gates.ReachedAsync("verify");
        await site.ScalarAsync(WholeSite.Database, "update product_template set list_price = list_price * 2");
        frozen = frozen.AddRange(await FreezeAtEachAsync(planes, gates, ["verify", .. Back]));

        var view = await site.EndAsync(rollout);
        Assert.True(view.Outcome is "rolled_back", $"{view.Outcome}: {view.Reason}");
        Assert.Equal(before, await DatabaseAsync());
        Assert.Equal(steps.Length, frozen.Length);
        // Promotion holds the release once it sees the end: the living server's own act, that takes its time.
        await Eventually.IsTrueAsync(
            async () =>
                await site.ScalarAsync("tidegate", $"select count(*) from promotion_hold where rollout = '{rollout}'")
                    is not "0",
            "the release is held"
        );
        await AssertNothingChangesAsync(planes, frozen);
    }

    private static async Task<ImmutableArray<(string Step, Replica Replica)>> FreezeAtEachAsync(
        ControlPlanes planes,
        StepGates gates,
        IEnumerable<string> steps
    )
    {
        var frozen = ImmutableArray.CreateBuilder<(string, Replica)>();
        foreach (var step in steps)
        {
            await gates.ReachedAsync(step);
            await planes.Newest.FreezeAsync();
            frozen.Add((step, planes.Newest));
            await gates.OpenAsync(step);
            await planes.StartAsync();
        }

        return frozen.ToImmutable();
    }

    /// <summary>
    /// Each that woke goes on beside the next one; then it is killed. Twenty servers at work at once are no site's, and
    /// leave two cores to nobody.
    /// </summary>
    private async Task AssertNothingChangesAsync(
        ControlPlanes planes,
        ImmutableArray<(string Step, Replica Replica)> frozen
    )
    {
        await Leftovers.AssertNoneAsync(site);
        var names = frozen.Select(one => one.Replica.Name).ToList();
        var before = await SiteState.ReadAsync(site, names);
        var changes = new List<string>();
        Replica? woken = null;
        foreach (var (step, replica) in frozen)
        {
            replica.Thaw();
            await Eventually.IsTrueAsync(() => replica.HasLost, $"the one frozen at {step} notices");
            var after = await SiteState.ReadAsync(site, names);
            changes.AddRange(SiteState.Changes(before, after).Select(change => $"{step}: {change}"));
            before = after;
            if (woken is not null)
            {
                await planes.KillAsync(woken);
            }

            woken = replica;
        }

        Assert.True(changes is [], $"{string.Join('\n', changes)}\n{await LedgerAsync()}");
        await Leftovers.AssertNoneAsync(site);
    }

    /// <summary>Who did what last, for a message.</summary>
    private Task<string?> LedgerAsync() =>
        site.ScalarAsync(
            "tidegate",
            """
            select string_agg(concat_ws(' ', at, kind, actor, step, reason), E'\n')
              from (select * from ledger order by id desc limit 8) last
            """
        );

    private Task<string?> DatabaseAsync() =>
        site.ScalarAsync("postgres", $"select oid::text from pg_database where datname = '{WholeSite.Database}'");
}
