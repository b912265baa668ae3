using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.OpenApi;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace JobApi.Hosting;

/// <summary>Tells whoever started the server where it is and what it promises.</summary>
internal sealed partial class StartupNotice(IServer server, StoreTraits store, HandlerRegistry types, ILogger<StartupNotice> logger) : IHostedLifecycleService
{
    /// <summary>After every service has started: only then are the ports known.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogStore(store.Name, store.Durability.Word(), types.All.Count);

        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            LogAddress(address, address + ApiDescription.Page);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Jobs are kept by the {Store} store (durability: {Durability}); {Types} job types are ready")]
    private partial void LogStore(string store, string durability, int types);

    [LoggerMessage(LogLevel.Information, "Now listening on: {Address} (try it out: {Page})")]
    private partial void LogAddress(string address, string page);
}
