using System.Net;
using System.Net.Sockets;
using Tidegate.Drivers.Sites;

namespace Tidegate.IntegrationTests.Fixtures;

/// <summary>A home folder with a site in it; nothing of it runs or is left at the end.</summary>
public sealed class SiteHome : IAsyncDisposable
{
    public SiteLayout Layout { get; } = new(Directory.CreateTempSubdirectory("tg-site-").FullName);

    public SiteOptions Options { get; } = new(FreePort(), PostgresBinaries.Find()!);

    public LocalSite Site => new(Layout, TimeProvider.System);

    public int? PidOf(string name) =>
        Site.Status()
            .Processes.FirstOrDefault(process => string.Equals(process.Name, name, StringComparison.Ordinal))
            ?.Pid;

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DownAsync(CancellationToken.None); // also when the test was cancelled
        Directory.Delete(Layout.Home, recursive: true);
    }
}
