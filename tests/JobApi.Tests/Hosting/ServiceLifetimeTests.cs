using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Hosting;

public sealed class ServiceLifetimeTests
{
    /// <summary>Requests are served without a scope: what were made for each would live, and be shared, until the server stops.</summary>
    [Fact]
    public async Task Nothing_of_the_server_is_made_for_each_request()
    {
        IReadOnlyList<ServiceDescriptor> registered = [];
        await using var server = new ApiFactory([], services => registered = [.. services]);
        await server.Api.GetAsync("/health/live");

        Assert.NotEmpty(registered);
        Assert.DoesNotContain(registered, service =>
            service.Lifetime == ServiceLifetime.Scoped && service.ServiceType.FullName!.StartsWith("JobApi.", StringComparison.Ordinal));
    }
}
