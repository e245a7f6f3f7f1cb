using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Blockers;

public static class BlockersSetup
{
    public static IServiceCollection AddBlockers(this IServiceCollection services) =>
        services.AddSingleton<BlockerStore>();
}
