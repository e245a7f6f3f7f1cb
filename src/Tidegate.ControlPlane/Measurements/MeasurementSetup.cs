using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Measurements;

public static class MeasurementSetup
{
    /// <summary>Needs, from elsewhere: <see cref="IHostProbe"/>.</summary>
    public static IServiceCollection AddMeasurements(this IServiceCollection services) =>
        services.AddSingleton<MeasurementStore>().AddHostedService<MeasuringLoop>();
}
