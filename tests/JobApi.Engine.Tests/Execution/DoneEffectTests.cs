using System.Collections.Concurrent;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace JobApi.Engine.Tests.Execution;

/// <summary>What a handler has done is done: neither its result nor its disposal brings it about again.</summary>
public sealed class DoneEffectTests
{
    private readonly Script _script = new();
    private readonly Logs _log = new();

    public static TheoryData<string> Unwritable => ["a number that is none", "a cycle", "more than 64 levels", "a member that throws"];

    public static TheoryData<string, bool> Places => new()
    {
        { "the handler", false }, { "the handler", true }, { "the handler, later", false }, { "the scope", false }, { "the scope", true }, { "the handler and the scope", false },
    };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public async Task A_result_that_cannot_be_written_fails_the_job_for_good(string what)
    {
        _script.Then = _ => Thing.Make(what);
        await using var engine = await StartAsync();

        var job = await JudgedAsync(engine, maxAttempts: 3);

        Assert.Equal((JobState.Failed, "result-not-writable", 1, 1), (job.State, job.Error!.Type, job.Attempt, _script.Calls));
        Assert.StartsWith("System.", job.Error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_disposal_that_throws_after_the_result_is_logged_and_the_job_succeeds(string place, bool hasItsOwnThread)
    {
        (_script.Then, _script.Throws) = (_ => new Thing(), place);
        await using var engine = await StartAsync(hasItsOwnThread);

        var job = await JudgedAsync(engine, maxAttempts: 3);

        Assert.Equal((JobState.Succeeded, 1, 1), (job.State, job.Attempt, _script.Calls));
        await EngineHost.UntilAsync(() => !_log.Lines.IsEmpty);
        Assert.Contains("disposing", Assert.Single(_log.Lines), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, _script.ScopesEnded);
    }

    [Fact]
    public async Task A_failure_keeps_its_word_when_the_disposal_throws()
    {
        (_script.Then, _script.Throws) = (_ => Failure.Permanent("no", "bad-input"), "the handler and the scope");
        await using var engine = await StartAsync();

        var job = await JudgedAsync(engine, maxAttempts: 3);

        Assert.Equal((JobState.Failed, "bad-input", 1), (job.State, job.Error!.Type, job.Attempt));
    }

    [Fact]
    public async Task What_the_handler_threw_is_kept_and_not_what_its_disposal_threw()
    {
        (_script.Then, _script.Throws) = (_ => throw new InvalidOperationException("the cause"), "the handler and the scope");
        await using var engine = await StartAsync();

        var job = await JudgedAsync(engine, maxAttempts: 1);

        Assert.Equal((JobState.Failed, "System.InvalidOperationException: the cause"), (job.State, job.Error!.Detail));
    }

    [Fact]
    public async Task A_job_that_was_turned_away_waits_uncharged_when_the_disposal_throws()
    {
        (_script.Then, _script.Throws) = (_ => throw new BrokenCircuitException("open"), "the handler");
        await using var engine = await StartAsync();

        var waiting = await JudgedAsync(engine, maxAttempts: 3);

        Assert.Equal((WaitingReason.CircuitOpen, 0), (waiting.Waiting!.Value, waiting.Failures));
    }

    /// <summary>The job after its first attempt, whatever was made of that.</summary>
    private static async Task<Job> JudgedAsync(EngineHost engine, int maxAttempts)
    {
        var submitted = await engine.SubmitAsync("done", draft => draft with { MaxAttempts = maxAttempts });
        return await engine.WaitAsync(submitted.Id, job => job.State.IsTerminal() || job.State == JobState.Scheduled);
    }

    private Task<EngineHost> StartAsync(bool hasItsOwnThread = false)
    {
        var host = new EngineHost();
        host.Replacements.Add(services => services
            .AddSingleton(_script).AddScoped<Disposed>()
            .AddLogging(logging => logging.AddProvider(_log))
            .AddJobHandler<Handler>("done", options => options.IsBlocking = hasItsOwnThread));
        return host.StartAsync();
    }

    private sealed class Script
    {
        public Func<JobContext, Attempt<Thing>> Then { get; set; } = _ => new Thing();

        public string Throws { get; set; } = "";

        public int Calls { get; set; }

        public int ScopesEnded { get; set; }

        public void MayThrow(string place)
        {
            if (Throws.Contains(place, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"Disposing of {place}");
            }
        }
    }

    private sealed record Thing
    {
        public double Number { get; init; } = 1;

        public Thing? Inner { get; set; }

        public bool Throws { get; init; }

        public string Text => Throws ? throw new InvalidOperationException("no text") : "text";

        public static Thing Make(string what)
        {
            var thing = new Thing { Number = what == "a number that is none" ? double.NaN : 1, Throws = what == "a member that throws" };
            var last = thing;

            for (var level = 0; what == "more than 64 levels" && level < 64; level++)
            {
                last = last.Inner = new Thing();
            }

            thing.Inner = what == "a cycle" ? thing : thing.Inner;
            return thing;
        }
    }

    private sealed class Handler(Script script, Disposed disposed) : IJobHandler<Note, Thing>, IAsyncDisposable
    {
        public async Task<Attempt<Thing>> HandleAsync(Note payload, JobContext context, CancellationToken cancellationToken)
        {
            script.Calls++;
            GC.KeepAlive(disposed);
            await Task.Yield();
            return script.Then(context);
        }

        public ValueTask DisposeAsync()
        {
            if (script.Throws.EndsWith(", later", StringComparison.Ordinal))
            {
                return LaterAsync();
            }

            script.MayThrow("the handler");
            return ValueTask.CompletedTask;
        }

        private async ValueTask LaterAsync()
        {
            await Task.Yield();
            script.MayThrow("the handler");
        }
    }

    private sealed class Disposed(Script script) : IDisposable
    {
        public void Dispose()
        {
            script.ScopesEnded++;
            script.MayThrow("the scope");
        }
    }

    private sealed class Logs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
