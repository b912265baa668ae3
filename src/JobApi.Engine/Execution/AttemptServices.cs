using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Execution;

/// <summary>
/// What a handler is made from: a dependency-injection scope of the attempt's own, opened when the first service is asked for, so that a handler without any does not pay for one.
/// One thread at a time, until the handler is made; what gets the scope's own provider asks that one.
/// </summary>
internal sealed class AttemptServices(IServiceScopeFactory scopes) : IKeyedServiceProvider, IAsyncDisposable
{
    private AsyncServiceScope? _scope;

    public object? GetService(Type serviceType) => Services.GetService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => Services.GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => Services.GetRequiredKeyedService(serviceType, serviceKey);

    public ValueTask DisposeAsync() => _scope is { } scope ? scope.DisposeAsync() : ValueTask.CompletedTask;

    private IServiceProvider Services => (_scope ??= scopes.CreateAsyncScope()).ServiceProvider;
}
