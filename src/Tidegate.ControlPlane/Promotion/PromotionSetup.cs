using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion;

public static class PromotionSetup
{
    /// <summary>Needs rollouts, the catalogue, configuration, parity, policy and blockers.</summary>
    public static IServiceCollection AddPromotion(this IServiceCollection services) =>
        services
            .AddSingleton<PlannedWorkStore>()
            .AddSingleton<PromotionFactsStore>()
            .AddSingleton<PromotionTurnStore>()
            .AddSingleton<SiteGates>()
            .AddSingleton<OpeningReader>()
            .AddSingleton<PromotionReader>()
            .AddSingleton<PromotionActs>()
            .AddSingleton<PromotionTools>()
            .AddSingleton<PromotionWork>()
            .AddSingleton<PromotionDesk>()
            .AddHostedService<PromotionLoop>();
}
