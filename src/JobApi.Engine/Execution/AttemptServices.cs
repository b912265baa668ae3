using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Execution;

/// <summary>
/// What a handler is made from: a dependency-injection scope of the attempt's own, opened when the first service is asked for, so that a handler without any does not pay for one.
/// One thread at a time, until the handler is made; what gets the scope's own provider asks that one. The handler ends with it, before its services do.
/// </summary>
internal sealed class AttemptServices(IServiceScopeFactory scopes) : IKeyedServiceProvider, IAsyncDisposable
{
    private AsyncServiceScope? _scope;

    /// <summary>Handlers are made by a factory, so the scope does not dispose of them.</summary>
    public object? Handler { private get; set; }

    public object? GetService(Type serviceType) => Services.GetService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => Services.GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => Services.GetRequiredKeyedService(serviceType, serviceKey);

    public ValueTask DisposeAsync() => Handler is IAsyncDisposable or IDisposable ? EndBothAsync() : EndScopeAsync();

    private async ValueTask EndBothAsync()
    {
        try
        {
            if (Handler is IAsyncDisposable handler)
            {
                await handler.DisposeAsync();
            }
            else
            {
                ((IDisposable)Handler!).Dispose();
            }
        }
        finally
        {
            await EndScopeAsync();
        }
    }

    private ValueTask EndScopeAsync() => _scope is { } scope ? scope.DisposeAsync() : ValueTask.CompletedTask;

    private IServiceProvider Services => (_scope ??= scopes.CreateAsyncScope()).ServiceProvider;
}
