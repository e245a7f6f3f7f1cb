using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.OdooTests.Odoo;

/// <summary>The story's releases through the steps of Odoo and of the journeys, on one tenant with real generations, without a gateway.</summary>
[Trait("Length", "long")]
[Collection(nameof(CutoverSite))]
public sealed class CutoverStepsTests(CutoverSite site)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_good_release_passes_and_each_bad_one_is_found_by_the_step_that_is_there_for_it()
    {
        var good = await site.TenantAsync("shop", "2026.11.1", "2026.11.2", "shop_suite");
        await MigrateAsync(good);
        await site.SucceedAsync(good, new Judge(), new Swap());
        await site.ServeAsync(good);
        await site.SucceedAsync(good, new Verify());

        var raising = await site.NextAsync(good, "2026.11.3", "shop_promo");
        await PrepareAsync(raising);
        await FailsAsync(raising, new Migrate(raising.Target.Modules, Bound), "the migration script post-");
        await site.SucceedAsync(raising, new DropCopy(), new Unfence());

        var swallowed = (await site.NextAsync(good, "2026.11.4", "shop_promo")) with { Epoch = 3 };
        await MigrateAsync(swallowed);
        await FailsAsync(swallowed, new Judge(), "must not be empty, but Odoo could not set NOT NULL: ");
        await site.SucceedAsync(swallowed, new DropCopy(), new Unfence());

        var dear = (await site.NextAsync(good, "2026.11.5", "shop_promo")) with { Epoch = 4 };
        await MigrateAsync(dear);
        await site.SucceedAsync(dear, new Judge(), new Swap());
        await site.ServeAsync(dear);
        await FailsAsync(dear, new Verify(), " instead of ");
    }

    [Fact]
    public async Task A_copy_whose_migration_left_no_result_is_made_anew_and_migrated_once()
    {
        var context = await site.TenantAsync("crashed", "2026.11.1", "2026.11.2", "shop_suite");
        await PrepareAsync(context);
        var next = "SELECT oid::text FROM pg_database WHERE datname = 'crashed__next'";
        var first = await site.ScalarAsync("postgres", next);
        await site.MarkBegunAsync(context);

        await site.SucceedAsync(context with { Epoch = 2 }, new Migrate(context.Target.Modules, Bound));

        var second = await site.ScalarAsync("postgres", next);
        Assert.False(string.Equals(first, second, StringComparison.Ordinal), "the copy was not made anew");
        await site.SucceedAsync(context with { Epoch = 3 }, new Migrate(context.Target.Modules, Bound), new Judge());
        Assert.True(
            string.Equals(second, await site.ScalarAsync("postgres", next), StringComparison.Ordinal),
            "a good migration was made twice"
        );
    }

    private async Task PrepareAsync(StepContext context) =>
        await site.SucceedAsync(
            context,
            new Preflight(MaxDatabaseBytes: 1L << 30),
            new Baseline(),
            new LinkFilestore(),
            new LinkFilestore(),
            new Fence(),
            new Copy()
        );

    private async Task MigrateAsync(StepContext context)
    {
        await PrepareAsync(context);
        await site.SucceedAsync(context, new Migrate(context.Target.Modules, Bound));
    }

    private async Task FailsAsync<TStep>(StepContext context, TStep step, string because)
        where TStep : Step
    {
        var outcome = await site.RunAsync(step, context);

        var failed = Assert.IsType<StepOutcome.Failed>(outcome);
        TestContext.Current.SendDiagnosticMessage($"{step.Kind}: {failed.Summary}");
        Assert.Contains(because, failed.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(site.Proof(failed));
    }
}
