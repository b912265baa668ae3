using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JobApi.Hosting;

/// <summary>
/// How bytes come in from clients: read by the thread that waits for all sockets, without the pool in between. The pool comes next, as Kestrel hands every request to it, so that thread
/// never runs code of a request or a handler. Nothing changes for other sockets, where a handler may do anything once its answer is there: docs/decisions/0024.
/// </summary>
internal static class ServerSockets
{
    /// <summary>Reads so on every connection that is accepted.</summary>
    public static void ReceiveWithoutThePool(this KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
        {
            TryPreferInlineCompletions(socket);
        }

        return next(connection);
    }));

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
            // A runtime that has it no more reads as others do.
        }
    }

    /// <summary>The runtime keeps this setter for those who reach for it; it is not part of its public interface (dotnet/runtime, pull request 34945).</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(Socket socket, bool value);
}
