using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;

namespace JobApi.Hosting;

/// <summary>
/// What clients send is read by the thread that waits for all sockets, without the pool in between. Kestrel then hands every request to the pool, so that thread runs no code of a request or a
/// handler. Other sockets stay as they were, because what a handler does after an answer has come is the handler's affair: docs/decisions/0024.
/// </summary>
internal static class ServerSockets
{
    /// <summary>Reads so on every connection that is accepted.</summary>
    public static void ReceiveWithoutThePool(this IWebHostBuilder host) => host.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
        {
            TryPreferInlineCompletions(socket);
        }

        return next(connection);
    })));

    private static void TryPreferInlineCompletions(Socket socket)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            SetPreferInlineCompletions(socket, true);
        }
        catch (MissingMethodException)
        {
            // A runtime that no longer has it reads as it does by default.
        }
    }

    /// <summary>The runtime keeps this setter for those who reach for it; it is not part of its public interface (dotnet/runtime, pull request 34945).</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(Socket socket, bool value);
}
