using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.Jobs;

public static class JobSetup
{
    /// <summary>Needs, from elsewhere: an <see cref="IJobHandler"/> of each kind.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services) =>
        services.AddSingleton<JobStore>().AddHostedService<JobLoop>();
}
