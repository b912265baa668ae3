using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.Safety;

internal static class OutboundServices
{
    /// <summary>Adds the guarded client.</summary>
    public static IServiceCollection AddOutbound(this IServiceCollection services, IConfiguration section)
    {
        services.AddCheckedOptions<OutboundOptions, OutboundOptionsRules>(section);
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.AddSingleton<AddressRules>();
        services.AddSingleton<GuardedConnector>();
        services.AddSingleton(provider => CreateSender(provider.GetRequiredService<GuardedConnector>(), provider.GetRequiredService<IOptions<OutboundOptions>>().Value));
        services.AddSingleton(provider => OutboundHost.All(provider.GetRequiredService<IOptions<OutboundOptions>>().Value, provider.GetRequiredService<TimeProvider>()));

        // One for each handler, and so for each attempt.
        return services.AddTransient(provider => new GuardedClient(
            provider.GetRequiredService<GuardedSender>(),
            provider.GetRequiredService<PerHost<OutboundHost>>(),
            provider.GetRequiredService<IOptions<OutboundOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static GuardedSender CreateSender(GuardedConnector connector, OutboundOptions options) => new(new SocketsHttpHandler
    {
        ConnectCallback = connector.ConnectAsync,
        ConnectTimeout = options.ConnectTimeout,

        // A proxy would resolve names and connect on its own, past the checks.
        UseProxy = false,
        AllowAutoRedirect = false,

        // One caller's cookies and trace must not travel with another caller's request.
        UseCookies = false,
        ActivityHeadersPropagator = null,

        AutomaticDecompression = DecompressionMethods.All,
        MaxResponseHeadersLength = options.MaxResponseHeadersKilobytes,

        // An unread rest is not worth waiting for: close the connection.
        MaxResponseDrainSize = 0,

        // Names move, and the check is made when connecting.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });
}

/// <summary>The one sender whose connections are guarded, as a type of its own so that no other invoker is taken for it.</summary>
internal sealed class GuardedSender(SocketsHttpHandler handler) : HttpMessageInvoker(handler, disposeHandler: true);
