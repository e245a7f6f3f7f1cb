using System.Net;
using System.Net.Sockets;

namespace Tidegate.ControlPlane.Access;

/// <summary>
/// Addresses that are no service of anybody's: link-local ones, behind which clouds hand out their machines' credentials,
/// and those that name no machine. Private ones are not among them: forges and stores of a company have these.
/// </summary>
public static class OutgoingHost
{
    /// <summary>Whether the host is such an address, however it is spelled. A name is not looked up.</summary>
    public static bool IsNobodys(Uri address) => IsNobodys(address.IdnHost);

    /// <param name="host">A name or an address, also one in brackets, or in the older spellings that resolvers take: decimal, octal, short.</param>
    public static bool IsNobodys(string host)
    {
        var bare = host.Trim('[', ']').TrimEnd('.');
        return bare.Length == 0 || (IPAddress.TryParse(bare, out var address) && IsNobodys(address));
    }

    public static bool IsNobodys(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily is AddressFamily.InterNetworkV6)
        {
            return plain.IsIPv6LinkLocal
                || plain.IsIPv6Multicast
                || plain.IsIPv6SiteLocal
                || plain.Equals(IPAddress.IPv6Any)
                || Embedded(plain) is { } embedded && IsNobodys(embedded);
        }

        var parts = plain.GetAddressBytes();
        return parts[0] is 0 or >= 224 || parts is [169, 254, ..];
    }

    /// <summary>The IPv4 address within one that only carries it: NAT64 (RFC 6052) and the old compatible form.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        ReadOnlySpan<byte> nat64 = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];
        var isCompatible = !bytes.AsSpan(0, 12).ContainsAnyExcept((byte)0) && !address.Equals(IPAddress.IPv6Loopback);
        return isCompatible || bytes.AsSpan(0, 12).SequenceEqual(nat64) ? new(bytes.AsSpan(12)) : null;
    }
}
