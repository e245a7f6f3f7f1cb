namespace Tidegate.Contracts.Gateway;

/// <summary>The control API's paths, on the gateway's unix socket.</summary>
public static class GatewayPaths
{
    public const string Tenants = "/v1/tenants";

    public const string Metrics = "/metrics";

    public static string Tenant(string tenant) => $"{Tenants}/{Uri.EscapeDataString(tenant)}";

    public static string Route(string tenant) => $"{Tenant(tenant)}/route";

    public static string Hold(string tenant, string hold) => $"{Tenant(tenant)}/holds/{Uri.EscapeDataString(hold)}";

    public static string Lease(string tenant, string hold) => $"{Hold(tenant, hold)}/lease";
}
