using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine;

/// <summary>Adds the engine to a host.</summary>
public static class JobEngineServices
{
    /// <summary>Adds the engine's services and its hosted loop, configured from a section (<c>JobApi</c>).</summary>
    public static IServiceCollection AddJobEngine(this IServiceCollection services, IConfiguration configuration) => throw new NotImplementedException();
}
