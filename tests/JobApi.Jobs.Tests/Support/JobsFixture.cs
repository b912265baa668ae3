using System.Net;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Jobs.Tests.Support;

/// <summary>The built-in jobs as a host would have them, with the loopback network allowed unless a test takes that back.</summary>
internal sealed class JobsFixture : IDisposable, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public JobsFixture(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Outbound:AllowedNetworks:0"] = "127.0.0.0/8" };

        foreach (var (key, value) in settings)
        {
            values[key] = value;
        }

        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IFileStore>(Files);
        services.AddSingleton<IHostResolver>(Resolver);
        services.AddBuiltInJobs(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddSingleton<HandlerRegistry>();
        _services = services.BuildServiceProvider(validateScopes: true);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryFileStore Files { get; } = new();

    public FakeResolver Resolver { get; } = new();

    public IServiceProvider Services => _services;

    public HandlerRegistry Registry => _services.GetRequiredService<HandlerRegistry>();

    /// <summary>The client of an attempt of its own; keep it to send more than one request in the same attempt.</summary>
    public GuardedClient NewClient() => NewAttempt().GetRequiredService<GuardedClient>();

    public T Handler<T>() => ActivatorUtilities.CreateInstance<T>(NewAttempt());

    /// <summary>What the type's rules say of a payload.</summary>
    public IReadOnlyList<PayloadError> Check<TPayload>(string type, TPayload payload)
    {
        Assert.NotNull(Registry.Find(type));
        return [.. _services.GetRequiredService<IPayloadValidator<TPayload>>().Validate(payload)];
    }

    /// <summary>What the server would answer to a payload as it comes in.</summary>
    public IReadOnlyList<PayloadError> Check(string type, string json) => Registry.Find(type)!.Check(System.Text.Encoding.UTF8.GetBytes(json)).Errors;

    public void Dispose() => _services.Dispose();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>The engine gives each attempt a scope; nothing in one needs an end.</summary>
    private IServiceProvider NewAttempt() => _services.CreateScope().ServiceProvider;
}

/// <summary>Names that resolve to what the test says, one answer after the other; the last one stays.</summary>
internal sealed class FakeResolver : IHostResolver
{
    private readonly Dictionary<string, Queue<IPAddress[]>> _answers = new(StringComparer.OrdinalIgnoreCase);

    public void Answer(string host, params string[] addresses)
    {
        var answers = _answers.TryGetValue(host, out var known) ? known : _answers[host] = new Queue<IPAddress[]>();
        answers.Enqueue([.. addresses.Select(IPAddress.Parse)]);
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var answers = _answers[host];
        return Task.FromResult(answers.Count > 1 ? answers.Dequeue() : answers.Peek());
    }
}
