using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Following;

public static class FollowingSetup
{
    /// <summary>Needs, from elsewhere: <see cref="IFleetSource"/> and <see cref="IWebhookSecrets"/>.</summary>
    public static IServiceCollection AddFollowing(this IServiceCollection services, FollowingOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton<SourceStore>()
            .AddSingleton<IFleetAuthority>(provider => provider.GetRequiredService<SourceStore>())
            .AddSingleton<ForgeStore>()
            .AddSingleton<TakenRangeStore>()
            .AddSingleton<FollowedFleets>()
            .AddSingleton<FactsReader>()
            .AddSingleton<CommitChoice>()
            .AddSingleton<LiveFleetReader>()
            .AddSingleton<FleetSettler>()
            .AddSingleton<SettlingPace>()
            .AddSingleton<FollowingRound>()
            .AddSingleton<SourceDesk>()
            .AddSingleton<WebhookDesk>()
            .AddSingleton<FollowingLoop>()
            .AddHostedService(provider => provider.GetRequiredService<FollowingLoop>());
}
