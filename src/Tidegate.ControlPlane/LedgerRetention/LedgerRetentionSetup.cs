using Microsoft.Extensions.DependencyInjection;

namespace Tidegate.ControlPlane.LedgerRetention;

public static class LedgerRetentionSetup
{
    /// <summary>Needs, from elsewhere: a handler of <see cref="LedgerRetentionJobs"/>.</summary>
    public static IServiceCollection AddLedgerRetention(this IServiceCollection services) =>
        services.AddSingleton<LedgerRetentionDesk>();
}
