using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.Safety;

/// <summary>
/// Says which addresses requests may reach: those of the public Internet and what the operator added. A server that fetches what callers
/// name would otherwise be their door to its own machine, its network and the cloud's metadata service.
/// </summary>
internal sealed class AddressRules
{
    /// <summary>IANA's special-purpose registry for IPv4, multicast and the reserved block.</summary>
    private static readonly IPNetwork[] SpecialV4 = Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /// <summary>Azure's own services answer every virtual machine under this address, which looks like a public one.</summary>
    private static readonly IPAddress AzureServices = IPAddress.Parse("168.63.129.16");

    /// <summary>Only this block of IPv6 is handed out to the public Internet; everything outside it is special.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>The special blocks inside it: protocol assignments with Teredo, benchmarks and ORCHID, and the two for documentation.</summary>
    private static readonly IPNetwork[] SpecialV6 = Parse("2001::/23", "2001:db8::/32", "3fff::/20");

    /// <summary>Carry an IPv4 address, at the byte that is named: NAT64 (RFC 6052) and 6to4 (RFC 3056).</summary>
    private static readonly (IPNetwork Network, int Offset)[] Carriers = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    private readonly bool _allowAll;
    private readonly IPNetwork[] _allowed;

    public AddressRules(IOptions<OutboundOptions> options)
    {
        _allowAll = options.Value.AllowPrivateAddresses;
        _allowed = Parse([.. options.Value.AllowedNetworks]);
    }

    public bool Allows(IPAddress address)
    {
        // First of all: IPNetwork takes a mapped address for an IPv4 one, even when it is compared with an IPv6 network.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowAll || _allowed.Any(network => network.Contains(plain)) || IsPublic(plain);
    }

    private bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !address.Equals(AzureServices) && !SpecialV4.Any(network => network.Contains(address));
        }

        foreach (var (network, offset) in Carriers)
        {
            if (network.Contains(address))
            {
                return Allows(new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)));
            }
        }

        return GlobalV6.Contains(address) && !SpecialV6.Any(network => network.Contains(address));
    }

    private static IPNetwork[] Parse(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
