using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Rollouts;
using Tidegate.Drivers.Checkpoints;
using Tidegate.Drivers.Databases;
using Tidegate.IntegrationTests.Backups;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>Rollouts' steps that do what they do to databases for real; what they do to Odoo and the gateway is left out.</summary>
internal static class DatabaseSteps
{
    public static StepHandlers Of(IServiceProvider services)
    {
        var builder = new StepHandlers.Builder();
        foreach (var step in StepKinds.Types)
        {
            typeof(DatabaseSteps)
                .GetMethod(nameof(Add), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(step)
                .Invoke(null, [builder, services]);
        }

        return builder.Build();
    }

    private static void Add<TStep>(StepHandlers.Builder builder, IServiceProvider services)
        where TStep : Step
    {
        Type[] real =
        [
            typeof(LinkFilestore),
            typeof(Fence),
            typeof(Copy),
            typeof(Swap),
            typeof(MeasureLoss),
            typeof(Adopt),
            typeof(SwapBack),
            typeof(ReturnSource),
            typeof(DropCopy),
            typeof(Unfence),
        ];
        builder.Add(
            real.Contains(typeof(TStep))
                ? services.GetRequiredService<IStepHandler<TStep>>()
                : new Elsewhere<TStep>(services)
        );
    }

    /// <summary>Of what is done to Odoo and the gateway, what it does to databases.</summary>
    private sealed class Elsewhere<TStep>(IServiceProvider services) : IStepHandler<TStep>
        where TStep : Step
    {
        public async Task<StepOutcome> RunAsync(TStep step, StepContext context, CancellationToken cancellationToken)
        {
            var site = services.GetRequiredService<SitePostgres>();
            switch (step)
            {
                case Migrate:
                    Assert.True(await new TenantCopy(site).MarkMigrationBegunAsync(context, cancellationToken));
                    await BackedUpSite.ExecuteAsync(
                        site,
                        DatabaseNames.Next(context.Target.Database),
                        $"set role {Sql.Name(DatabaseNames.Owner(context.Target.Database))}",
                        $"alter table sale_order add if not exists {Sql.Name(context.Target.To.Name)} text"
                    );
                    break;
                case Open:
                    await new TenantAccess(site).GiveToGenerationAsync(context, cancellationToken);
                    break;
                case Retire { Source: { } source } retire:
                    await services.GetRequiredService<RestoreSources>().ForgetAsync(source, context, cancellationToken);
                    if (retire.DropsReplaced)
                    {
                        await DropCheckpointsAsync(context, cancellationToken);
                    }

                    break;
            }

            return new StepOutcome.Done($"{step.Kind} is done");
        }

        private async Task DropCheckpointsAsync(StepContext context, CancellationToken cancellationToken)
        {
            var checkpoints = services.GetRequiredService<SiteCheckpoints>();
            foreach (var kept in await checkpoints.ListAsync(cancellationToken))
            {
                if (kept.Tenant == context.Target.Tenant)
                {
                    Assert.Null(await checkpoints.DropAsync(kept, context.Epoch, cancellationToken));
                }
            }
        }
    }
}
