using System.Collections.Concurrent;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Engine.Tests.Execution;

public sealed class AttemptScopeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_attempt_has_a_scope_that_ends_with_it_however_it_ends(bool isBlocking)
    {
        var seen = new ConcurrentQueue<Thing>();
        var host = new EngineHost();
        host.Replacements.Add(services => services
            .AddScoped<Thing>().AddSingleton(seen).AddJobHandler<Handler>("scoped", options => options.IsBlocking = isBlocking));
        await using var engine = await host.StartAsync();

        var good = await engine.EndOfAsync(await engine.SubmitAsync("scoped"));
        var bad = await engine.EndOfAsync(await engine.SubmitAsync("scoped", draft => draft with { MaxAttempts = 1, Payload = """{"text":"throw"}"""u8.ToArray() }));

        Assert.Equal((JobState.Succeeded, JobState.Failed), (good.State, bad.State));
        Assert.Equal(2, seen.Distinct().Count());
        Assert.All(seen, thing => Assert.Equal((true, true), (thing.WasAlive, thing.IsDisposed)));
    }

    private sealed record Payload(string Text);

    private sealed class Handler(Thing thing, ConcurrentQueue<Thing> seen) : IJobHandler<Payload, string>
    {
        public async Task<Attempt<string>> HandleAsync(Payload payload, JobContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            thing.WasAlive = !thing.IsDisposed;
            seen.Enqueue(thing);

            return payload.Text == "throw" ? throw new InvalidOperationException("boo") : "done";
        }
    }

    private sealed class Thing : IAsyncDisposable
    {
        public bool WasAlive { get; set; }

        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
