using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.Safety;

/// <summary>
/// Makes the connections. The check is here, between resolving the name and connecting, so that a name which answers differently the second
/// time (DNS rebinding) gains nothing: the address that was checked is the address that is used.
/// </summary>
internal sealed class GuardedConnector(AddressRules rules, IHostResolver resolver, IOptions<OutboundOptions> options, TimeProvider time)
{
    /// <summary>Addresses tried of one host; each gets its share of the time, so that a dead one does not spend all of it.</summary>
    private const int MaxAddresses = 4;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);

        // One bad address condemns the name: a mixture of public and private ones is what an attack looks like.
        if (!addresses.All(rules.Allows))
        {
            throw new AddressRefusedException(host);
        }

        return new NetworkStream(await ConnectAnyAsync([.. addresses.Take(MaxAddresses)], context.DnsEndPoint.Port, cancellationToken), ownsSocket: true);
    }

    private async Task<Socket> ConnectAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        SocketException? last = null;

        foreach (var address in addresses)
        {
            using var share = new CancellationTokenSource(options.Value.ConnectTimeout / addresses.Length, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, share.Token);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), both.Token);
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                last = exception;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                last = new SocketException((int)SocketError.TimedOut);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
