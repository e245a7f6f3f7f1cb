using System.Text.Json;
using Tidegate.Contracts.Fleet;
using Tidegate.Demo.Shops;
using Tidegate.Demo.Story;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Sites;

namespace Tidegate.Demo.Reporting;

/// <summary>What <c>./demo --keep FILE</c> writes: where everything of the site is, how to use it, how to stop it.</summary>
/// <param name="Environment">For the command line.</param>
/// <param name="FleetRepository">The fleet's files: a commit there that changes a release sends it out.</param>
/// <param name="Stop">A command that ends every process of the site.</param>
/// <param name="Remove">A command that removes what it stored.</param>
internal sealed record KeptSite(
    string Home,
    string ControlPlane,
    KeptGateway Gateway,
    KeptPostgres Postgres,
    IReadOnlyDictionary<string, string> Environment,
    string CommandLine,
    string FleetRepository,
    string Stop,
    string Remove,
    IReadOnlyList<KeptTenant> Tenants
)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static KeptSite Of(DemoSite site, StoryFleet fleet, OpenFleet open)
    {
        var tidegate = Operator.Tidegate;
        return new(
            site.Layout.Home,
            site.ServerAddress,
            new("127.0.0.1", site.GatewayPort, site.Layout.GatewaySocket),
            new(site.Layout.PostgresSocket, SiteLayout.PostgresPort, DatabaseNames.SiteRole),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TIDEGATE_SERVER"] = site.ServerAddress },
            tidegate,
            open.Followed.Repository.Folder,
            $"{Quoted(tidegate)} site down --home {Quoted(site.Layout.Home)}",
            $"rm -rf {Quoted(site.Layout.Home)}",
            [.. fleet.Tenants.Select(tenant => Tenant(tenant, site.GatewayPort, open.Passwords))]
        );
    }

    /// <summary>Passwords are in it: only the owner may read the file.</summary>
    public void Write(FileInfo file)
    {
        file.Delete();
        using var stream = new FileStream(
            file.FullName,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        JsonSerializer.Serialize(stream, this, Format);
    }

    /// <summary>One word for a shell, whatever is in it.</summary>
    private static string Quoted(string path) =>
        path.All(character =>
            char.IsAsciiLetterOrDigit(character) || "/._-".Contains(character, StringComparison.Ordinal)
        )
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static KeptTenant Tenant(TenantDocument tenant, int port, ShopPasswords passwords) =>
        new(
            tenant.Name,
            tenant.Pool,
            tenant.Hosts,
            [.. tenant.Hosts.Select(host => $"http://{host}:{port}")],
            tenant.Database,
            tenant.TimeZone,
            [
                new(StoryFleet.ShopLogin, passwords.Shop.Password),
                new(StoryFleet.JourneyLogin, passwords.Journey.Password),
            ]
        );
}

/// <summary>Where shops are served, and the gateway's own control socket.</summary>
internal sealed record KeptGateway(string Address, int Port, string ControlSocket);

/// <summary>Reached through the folder's unix socket by the user who ran the demo.</summary>
internal sealed record KeptPostgres(string SocketDirectory, int Port, string Role);

internal sealed record KeptTenant(
    string Tenant,
    string Pool,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Addresses,
    string Database,
    string TimeZone,
    IReadOnlyList<KeptLogIn> LogIns
);

internal sealed record KeptLogIn(string Login, string Password);
