using JobApi.Engine.Lifecycle;

namespace JobApi.Requests;

/// <summary>Who asks for a cancellation: the server knows no users, so it is the way and the address. Behind a proxy the address is the proxy's.</summary>
internal static class Askers
{
    /// <summary>A request about one job.</summary>
    public static Canceler Client(this ConnectionInfo connection) => new("client", Address(connection));

    /// <summary>A request about all that a filter finds.</summary>
    public static Canceler Bulk(this ConnectionInfo connection) => new("bulk", Address(connection));

    private static string? Address(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
