using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Checkpoints;

public static class CheckpointSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ISiteCheckpoints"/>.</summary>
    public static IServiceCollection AddCheckpoints(this IServiceCollection services) =>
        services
            .AddSingleton<CheckpointStore>()
            .AddSingleton<CheckpointDesk>()
            .AddSingleton<ISiteRequestHandler, ListCheckpointsHandler>()
            .AddSingleton<ISiteRequestHandler, DropKeptHandler>();
}
