using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Promotion;

public static class PromotionSetup
{
    public static IServiceCollection AddPromotion(this IServiceCollection services) =>
        services.AddSingleton<PlannedWorkStore>();
}
