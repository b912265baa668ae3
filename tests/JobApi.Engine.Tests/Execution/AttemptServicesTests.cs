using JobApi.Engine.Execution;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Tests.Execution;

public sealed class AttemptServicesTests
{
    private readonly Scopes _scopes = new(new ServiceCollection()
        .AddScoped<Thing>()
        .AddKeyedScoped<Thing>("key")
        .BuildServiceProvider(validateScopes: true));

    [Fact]
    public async Task A_handler_that_asks_for_nothing_costs_no_scope()
    {
        await using (var services = new AttemptServices(_scopes))
        {
            ActivatorUtilities.CreateFactory<Thing>([])(services, null);
        }

        Assert.Equal(0, _scopes.Opened);
    }

    [Fact]
    public async Task Whatever_is_asked_for_comes_from_one_scope_that_ends_with_the_attempt()
    {
        Needy needy;

        await using (var services = new AttemptServices(_scopes))
        {
            needy = ActivatorUtilities.CreateFactory<Needy>([])(services, null);

            Assert.Same(needy.Plain, services.GetRequiredService<Thing>());
            Assert.Same(needy.Plain, needy.Services.GetRequiredService<Thing>());
            Assert.Same(needy.Keyed, services.GetRequiredKeyedService<Thing>("key"));
            Assert.Null(services.GetKeyedService<Thing>("another"));
            Assert.False(needy.Plain.IsDisposed);
        }

        Assert.Equal(1, _scopes.Opened);
        Assert.True(needy.Plain.IsDisposed && needy.Keyed.IsDisposed);
    }

    [Fact]
    public async Task Another_attempt_has_another_scope()
    {
        await using var one = new AttemptServices(_scopes);
        await using var other = new AttemptServices(_scopes);

        Assert.NotSame(one.GetRequiredService<Thing>(), other.GetRequiredService<Thing>());
    }

    [Fact]
    public async Task A_container_without_keys_is_asked_for_what_has_none()
    {
        await using var services = new AttemptServices(new Scopes(new Unkeyed()));

        Assert.IsType<Thing>(services.GetService(typeof(Thing)));
        Assert.Throws<InvalidOperationException>(() => services.GetKeyedService(typeof(Thing), "key"));
    }

    private sealed class Unkeyed : IServiceProvider, IServiceScopeFactory, IServiceScope
    {
        public IServiceProvider ServiceProvider => this;

        public object? GetService(Type serviceType) => serviceType == typeof(IServiceScopeFactory) ? this : serviceType == typeof(Thing) ? new Thing() : null;

        public IServiceScope CreateScope() => this;

        public void Dispose()
        {
        }
    }

    private sealed class Scopes(IServiceProvider services) : IServiceScopeFactory
    {
        public int Opened { get; private set; }

        public IServiceScope CreateScope()
        {
            Opened++;
            return services.CreateScope();
        }
    }

    private sealed class Needy(Thing plain, [FromKeyedServices("key")] Thing keyed, IServiceProvider services)
    {
        public Thing Plain => plain;

        public Thing Keyed => keyed;

        public IServiceProvider Services => services;
    }

    private sealed class Thing : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
