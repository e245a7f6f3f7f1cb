using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Following;

namespace Tidegate.Drivers.Git;

/// <summary>Repositories that say what should run.</summary>
internal static class GitSetup
{
    public static IServiceCollection AddGit(this IServiceCollection services) =>
        services.AddSingleton<IFleetSource, GitFleetSource>();
}
