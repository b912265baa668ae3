using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobApi.Benchmarks.Peers;

/// <summary>What the servers that are written here have in common: no logging, a free port of the loopback, and a line that says which.</summary>
internal static class PeerHost
{
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>Serves until the process is told to stop.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine($"{ChildServer.ListeningMark}{app.Urls.First()}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
