using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Objectives;

public static class ObjectivesSetup
{
    public static IServiceCollection AddObjectives(this IServiceCollection services) =>
        services.AddSingleton<ObjectiveStore>();
}
