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
    public static Task<DemoSite> UpAsync(string home, TimeProvider clock, CancellationToken cancellationToken) =>
        UpAsync(home, joined: null, clock, cancellationToken);

    /// <inheritdoc cref="UpAsync(string, TimeProvider, CancellationToken)" />
    /// <param name="joined">Its name and the home whose control plane it joins; null for a fleet's first site.</param>
    public static async Task<DemoSite> UpAsync(
        string home,
        JoinedSite? joined,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var layout = new SiteLayout(home);
        var site = new DemoSite(new LocalSite(layout, clock), layout, FreePort.Find());
        try
        {
            var postgres =
                PostgresBinaries.Find()
                ?? throw new StoryException("PostgreSQL 15 or later is not installed; run ./eng/setup.");
            var options = new SiteOptions(site.GatewayPort, postgres);
            if (joined is not null)
            {
                options = options with { Name = joined.Name, Control = joined.Control };
            }

            if (await site._site.UpAsync(options, cancellationToken) is { } refusal)
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

/// <summary>A site that joins another's control plane.</summary>
/// <param name="Control">The home that holds it.</param>
internal sealed record JoinedSite(string Name, string Control);
