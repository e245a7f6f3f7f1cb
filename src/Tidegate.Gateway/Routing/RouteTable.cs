using System.Collections.Frozen;

namespace Tidegate.Gateway.Routing;

/// <summary>Host name → tenant. Immutable inside, replaced whole: a reader sees the table before or after a change.</summary>
internal sealed class RouteTable
{
    private volatile Hosts hosts = new([]);

    public Tenant? Find(ReadOnlySpan<char> hostHeader) => hosts.Find(HostName.Of(hostHeader));

    /// <summary>The first of these hosts that a tenant other than <paramref name="tenant"/> has, if any.</summary>
    public (string Host, string Tenant)? FindOther(string tenant, IEnumerable<string> wanted)
    {
        foreach (var host in wanted)
        {
            if (Find(host) is { } holder && holder.Name != tenant)
            {
                return (host, holder.Name);
            }
        }

        return null;
    }

    public void Replace(IEnumerable<Tenant> tenants) => hosts = new Hosts(tenants);

    private sealed class Hosts(IEnumerable<Tenant> tenants)
    {
        private readonly FrozenDictionary<string, Tenant>.AlternateLookup<ReadOnlySpan<char>> byName = tenants
            .SelectMany(tenant => tenant.Route.Change.Hosts.Select(host => KeyValuePair.Create(host, tenant)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

        public Tenant? Find(ReadOnlySpan<char> name) => byName.TryGetValue(name, out var tenant) ? tenant : null;
    }
}
