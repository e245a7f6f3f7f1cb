using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Copies;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Copies.Neutralising;

namespace Tidegate.Drivers.Copies;

public static class CopiesSetup
{
    /// <summary>Needs the site's layout and cluster.</summary>
    public static IServiceCollection AddCopyWork(this IServiceCollection services) =>
        services.AddSingleton<Neutralisation>().AddSingleton<Masking>().AddSingleton<ISiteCopies, SiteCopies>();
}
