using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Parity;

public static class ParitySetup
{
    /// <summary>Needs, from elsewhere: the <see cref="IParityReader"/>.</summary>
    public static IServiceCollection AddParity(this IServiceCollection services) =>
        services.AddSingleton<ParityDesk>().AddSingleton<ISiteRequestHandler, ReadParityHandler>();
}
