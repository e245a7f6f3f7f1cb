using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The new release's processes run in the tenant's pool and serve nobody yet.</summary>
public sealed class StartGenerationHandler(
    SiteLayout layout,
    GenerationRuntime runtime,
    GenerationRetirement retirement
) : IStepHandler<StartGeneration>
{
    private readonly TenantQuestions _questions = new(layout.Cluster);
    private readonly BundleStore _bundles = new(layout.Bundles);

    public Task<StepOutcome> RunAsync(StartGeneration step, StepContext context, CancellationToken cancellationToken) =>
        SiteStep.RunAsync(layout.Cluster, context, _ => StartAsync(context, cancellationToken), cancellationToken);

    private async Task<StepOutcome> StartAsync(StepContext context, CancellationToken cancellationToken)
    {
        var target = context.Target;
        if (_bundles.Find(target.To.Digest) is not { } bundle)
        {
            return new StepOutcome.Failed(
                $"Release {target.To.Name} ({target.To.Digest}) is not in the site's store {_bundles.Folder}: build it there with tidegate release build."
            );
        }

        var preload = PreloadOrder.Of(bundle, await CommonModulesAsync(context, cancellationToken));
        var ports = await runtime.EnsureForAsync(
            context.Upgrade,
            new WantedGeneration(target.Pool, target.To.Digest, target.Workers, preload) { Options = target.Options },
            cancellationToken
        );
        await WithdrawIfStaleAsync(context, cancellationToken);
        return new StepOutcome.Done(
            $"{target.To.Name} runs in pool {target.Pool} on port {ports.Http} with {preload.Length} modules imported"
        );
    }

    /// <summary>
    /// Processes are in no transaction: one who was frozen while it started them may have brought back what a
    /// successor removed. So it looks once more, and takes its own away.
    /// </summary>
    private async Task WithdrawIfStaleAsync(StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var again = await FencedSession.OpenAsync(
                layout.Cluster,
                context.Target.Tenant,
                context.Epoch,
                cancellationToken
            );
        }
        catch (StaleEpochException)
        {
            await retirement.LetGoAsync(context, context.Target.To.Digest, cancellationToken);
            throw;
        }
    }

    /// <summary>Modules that every tenant on the old generation has: importing one that a tenant lacks would patch its Odoo.</summary>
    private async Task<ImmutableHashSet<string>> CommonModulesAsync(
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.Target;
        var old = await runtime.ListsAsync(target.Pool, target.From.Digest, cancellationToken);
        ImmutableHashSet<string>? common = null;
        foreach (var database in old.Read().Web.Add(target.Database))
        {
            var installed = await _questions.InstalledModulesAsync(database, cancellationToken);
            common = common?.Intersect(installed) ?? installed.ToImmutableHashSet(StringComparer.Ordinal);
        }

        return common ?? [];
    }
}
