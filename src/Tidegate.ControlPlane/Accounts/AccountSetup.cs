using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Access;

namespace Tidegate.ControlPlane.Accounts;

public static class AccountSetup
{
    /// <summary>Needs, from elsewhere: <see cref="IBootstrapFile"/>.</summary>
    /// <param name="owner">The operating system's user that this process runs as.</param>
    public static IServiceCollection AddAccounts(this IServiceCollection services, Identity owner) =>
        services
            .AddSingleton<AccountStore>()
            .AddSingleton<GrantStore>()
            .AddSingleton<TokenStore>()
            .AddSingleton<AttemptStore>()
            .AddSingleton<AccessStateStore>()
            .AddSingleton<AccessEntryStore>()
            .AddSingleton<TargetStore>()
            .AddSingleton<AccountDesk>()
            .AddSingleton<GrantDesk>()
            .AddSingleton<TokenDesk>()
            .AddSingleton<AccessDesk>()
            .AddSingleton<SignInDesk>()
            .AddSingleton<AccessReader>()
            .AddSingleton<IAuthenticator, TokenAuthenticator>()
            .AddSingleton<IAuthenticator>(new PeerAuthenticator(owner))
            .AddSingleton<RefusalLog>()
            .AddHostedService(provider => provider.GetRequiredService<RefusalLog>());
}
