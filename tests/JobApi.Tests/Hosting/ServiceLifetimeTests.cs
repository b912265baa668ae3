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
        Assert.DoesNotContain(registered, service => service.Lifetime == ServiceLifetime.Scoped && (IsOurs(service.ServiceType) || IsOurs(Made(service))));
    }

    [Theory]
    [InlineData(typeof(ServiceLifetimeTests), true)]
    [InlineData(typeof(IComparer<ServiceLifetimeTests>), true)]
    [InlineData(typeof(IComparer<IReadOnlyList<ServiceLifetimeTests[]>>), true)]
    [InlineData(typeof(IComparer<string>), false)]
    public void A_type_is_the_server_s_own_also_where_it_only_fills_in_another(Type type, bool isOurs) => Assert.Equal(isOurs, IsOurs(type));

    private static Type? Made(ServiceDescriptor service) => service.IsKeyedService
        ? service.KeyedImplementationType ?? service.KeyedImplementationInstance?.GetType()
        : service.ImplementationType ?? service.ImplementationInstance?.GetType();

    private static bool IsOurs(Type? type) => type is not null
        && (type.Namespace?.Split('.')[0] == "JobApi" || IsOurs(type.GetElementType()) || type.GenericTypeArguments.Any(IsOurs));
}
