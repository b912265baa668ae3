using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Submission;
using JobApi.Engine.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Support;

/// <summary>An engine with handlers of the test's making, on a clock that only the test moves.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(null);
    private readonly Behaviours _behaviours = [];
    private IHost? _host;

    public EngineHost()
    {
        // Two workers and no scaling by default: what a test does not ask for does not happen.
        With("Workers:MinWorkers", 2).With("Workers:MaxWorkers", 2).With("Stats:Enabled", false);
        _builder.Services.AddMetrics().AddSingleton<TimeProvider>(Time).AddSingleton(_behaviours).AddSingleton<IFileStore, NoFiles>();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public JobSubmitter Submitter => Get<JobSubmitter>();

    public ResultsStore Results => Get<ResultsStore>();

    public WorkerPool Pool => Get<WorkerPool>();

    public JobMetrics Metrics => Get<JobMetrics>();

    public T Get<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    /// <summary>Sets one of the engine's settings.</summary>
    public EngineHost With(string setting, object value)
    {
        _builder.Configuration[setting] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
        return this;
    }

    /// <summary>Registers a job type that does what the test says.</summary>
    public EngineHost Handle(string type, Behaviour behaviour, Action<JobTypeOptions>? configure = null)
    {
        _behaviours.Add(type, behaviour);
        _builder.Services.AddJobHandler<BehavingHandler>(type, configure);
        return this;
    }

    /// <summary>Replaces services after the engine's own are added.</summary>
    public List<Action<IServiceCollection>> Replacements { get; } = [];

    /// <summary>Puts something into the store before the engine runs.</summary>
    public List<Func<EngineHost, Task>> Preparations { get; } = [];

    public async Task<EngineHost> StartAsync()
    {
        _builder.Services.AddJobEngine(_builder.Configuration);
        Replacements.ForEach(replace => replace(_builder.Services));
        _host = _builder.Build();

        foreach (var prepare in Preparations)
        {
            await prepare(this);
        }

        await _host.StartAsync();
        return this;
    }

    public async Task<SubmitResult> TrySubmitAsync(string type, Func<JobDraft, JobDraft>? change = null)
    {
        var draft = new JobDraft { Type = type, Payload = JsonSerializer.SerializeToUtf8Bytes(new { text = type }) };
        return await Submitter.SubmitAsync(change is null ? draft : change(draft), CancellationToken.None);
    }

    public async Task<Job> SubmitAsync(string type, Func<JobDraft, JobDraft>? change = null) =>
        Assert.IsType<SubmitResult.Accepted>(await TrySubmitAsync(type, change)).Job;

    public async Task<IReadOnlyList<Job>> SubmitManyAsync(string type, int count)
    {
        var jobs = new List<Job>();

        for (var i = 0; i < count; i++)
        {
            jobs.Add(await SubmitAsync(type));
        }

        return jobs;
    }

    /// <summary>Waits, in real time, until a job satisfies a condition.</summary>
    public async Task<Job> WaitAsync(Guid id, Func<Job, bool> until)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var job = (await Results.WaitAsync(id, until, TimeSpan.FromDays(1), patience.Token)).Job;
        Assert.NotNull(job);
        return job;
    }

    /// <summary>The job as whoever asks now is told; from memory, so nothing is waited for.</summary>
    public Job? Known(Guid id) => Results.FindAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public Task<Job> EndOfAsync(Job job) => WaitAsync(job.Id, latest => latest.State.IsTerminal());

    public Task<Job> EndOfAsync(Guid id) => WaitAsync(id, latest => latest.State.IsTerminal());

    /// <summary>
    /// Moves the clock while none of its timers fires. A periodic timer of the fake clock that is just firing on another thread would count its next tick from the new time, and so
    /// leave one out; a timer that is due at once fires after it.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var othersHaveFired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var last = Time.CreateTimer(_ => othersHaveFired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await othersHaveFired.Task;
        Time.Advance(by);
    }

    /// <summary>Moves the clock step by step until something has come true that takes the engine's loops a few turns.</summary>
    public async Task AdvanceUntilAsync(TimeSpan step, Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);

        while (!condition())
        {
            await AdvanceAsync(step);
            await TurnAsync();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Moves the clock once, and waits until a loop that rests has looked because of it.</summary>
    public async Task AdvanceAsync(TimeSpan by, string loop)
    {
        var before = Beats(loop);
        await AdvanceAsync(by);
        await UntilAsync(() => Beats(loop) > before);
    }

    /// <summary>How often one of the engine's loops has said that a piece of work is done: when it has grown, the loop has done what it was woken for.</summary>
    public int Beats(string loop) => LoopsOf(Get<EngineHealth>()).Keys.Single(heartbeat => heartbeat.Name == loop).Beats;

    /// <summary>
    /// Gives the engine's loops so many turns, for what leaves no other trace when it does not happen; the clock stands still. Each goes through the thread pool, behind what waits there.
    /// </summary>
    public static async Task TurnsAsync(int count)
    {
        for (var turn = 0; turn < count; turn++)
        {
            await Task.Run(TurnAsync);
        }
    }

    /// <summary>Gives the engine's loops turns until something has come true, and none if it has; the clock stands still.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);

        while (!condition())
        {
            await TurnAsync();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    public async Task StopAsync() => await _host!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            // The grace periods run on the test's clock.
            var stopping = _host.StopAsync();

            while (!stopping.IsCompleted)
            {
                Time.Advance(TimeSpan.FromSeconds(10));
                await TurnAsync();
            }

            _host.Dispose();
        }
    }

    private static async Task TurnAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_loops")]
    private static extern ref ConcurrentDictionary<Heartbeat, bool> LoopsOf(EngineHealth health);

    private sealed class NoFiles : IFileStore
    {
        public Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult<StoredFile?>(null);

        public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult<Stream?>(null);

        public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(false);

        public IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken) => AsyncEnumerable.Empty<StoredFile>();
    }
}
