using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Story;

/// <summary>The site of the story, up.</summary>
internal sealed class DemoSite
{
    private readonly LocalSite _site;

    private DemoSite(LocalSite site, SiteLayout layout, int gatewayPort)
    {
        _site = site;
        Layout = layout;
        GatewayPort = gatewayPort;
    }

    public SiteLayout Layout { get; }

    public int GatewayPort { get; }

    /// <summary>Of the control plane, as <c>TIDEGATE_SERVER</c> wants it.</summary>
    public string ServerAddress => $"unix:{Layout.ServerSocket}";

    /// <exception cref="StoryException">The site refuses; the message says why and what to do.</exception>
    public static async Task<DemoSite> UpAsync(string home, TimeProvider clock, CancellationToken cancellationToken)
    {
        var layout = new SiteLayout(home);
        var site = new DemoSite(new LocalSite(layout, clock), layout, FreePort.Find());
        try
        {
            var postgres =
                PostgresBinaries.Find()
                ?? throw new StoryException("PostgreSQL 15 or later is not installed; run ./eng/setup.");
            if (await site._site.UpAsync(new(site.GatewayPort, postgres), cancellationToken) is { } refusal)
            {
                throw new StoryException($"{refusal.What} {refusal.Next}");
            }

            return site;
        }
        catch
        {
            await site.DownAsync(); // half of it may run
            throw;
        }
    }

    /// <summary>Nothing of the site runs afterwards. Not to be interrupted: it is how an interrupted demo leaves nothing behind.</summary>
    public Task DownAsync() => _site.DownAsync(CancellationToken.None);

    /// <summary>How the site's role reaches a database. Never pooled: see <see cref="SitePostgres.ConnectionString"/>.</summary>
    public string Connection(string database) =>
        Layout.Cluster.ConnectionString(database, DatabaseNames.SiteRole, "tidegate-demo");
}
