using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Copies;

public static class CopiesSetup
{
    /// <summary>Needs, from elsewhere: <see cref="ISiteCopies"/>, and an <see cref="IHeldData"/> of each kind of backup.</summary>
    public static IServiceCollection AddCopies(this IServiceCollection services) =>
        services
            .AddSingleton<CopyStore>()
            .AddSingleton<CopyDesk>()
            .AddSingleton<CopyRoom>()
            .AddSingleton<ISiteRequestHandler, DropDataCopyHandler>()
            .AddHostedService<CopyLoop>();
}
