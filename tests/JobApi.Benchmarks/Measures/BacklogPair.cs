using System.Diagnostics;
using JobApi.Benchmarks.Comparing;
using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Measures;

/// <summary>
/// An empty server and one with a backlog whose queue is paused: what is submitted meanwhile is accepted and completed by both. They take turns, so that what
/// disturbs the machine for a while disturbs both.
/// </summary>
internal sealed class BacklogPair(RunningSystem empty, RunningSystem full, int jobs)
{
    private const int Rounds = 5;
    private const int Calls = 500;
    private const int CallsAtATime = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>To be taken in this order.</summary>
    public IReadOnlyList<Func<Task<Measurement[]>>> Steps => [SettleAsync, SubmitAsync, SubmitAloneAsync, AskAsync, WorkOffAsync];

    /// <summary>The file was made without a server, so nothing of it is indexed yet. One that grew that long would have done it on the way.</summary>
    private async Task<Measurement[]> SettleAsync()
    {
        var start = Stopwatch.GetTimestamp();

        while (await full.Client.MetricAsync("searchLagJobs") > 0)
        {
            await Task.Delay(Look, TimeProvider.System);
        }

        return [new("then indexed within", Stopwatch.GetElapsedTime(start).TotalSeconds, "s"), .. await RestAsync("at rest")];
    }

    private async Task<Measurement[]> SubmitAsync()
    {
        var (without, with) = await TakeTurnsAsync(Scenario.Usual);

        return
        [
            new("empty: POST, 64 callers, completed", without.Median(turn => turn.Completed), "jobs/s"),
            new("POST, 64 callers, completed", with.Median(turn => turn.Completed), "jobs/s"),
            new($"the same, of empty, median of {Rounds} rounds", with.MedianRatio(without), "", AtLeast: 0.85),
            .. await RestAsync("after these turns"),
        ];
    }

    private async Task<Measurement[]> SubmitAloneAsync()
    {
        var (without, with) = await TakeTurnsAsync("post-1");
        return [new("empty: POST, one caller, p50", without.Median(turn => turn.P50Ms), "ms"), new("POST, one caller, p50", with.Median(turn => turn.P50Ms), "ms")];
    }

    private async Task<Measurement[]> AskAsync() =>
    [
        new("empty: /metrics, p99", await P99Async(empty, "/metrics"), "ms"),
        new("/metrics, p99", await P99Async(full, "/metrics"), "ms", 20),
        new("empty: first page of the list, p99", await P99Async(empty, "/jobs?pageSize=50"), "ms"),
        new("first page of the list, p99", await P99Async(full, "/jobs?pageSize=50"), "ms"),
    ];

    private async Task<Measurement[]> WorkOffAsync()
    {
        await CheckAsync();
        using var resumed = await full.Client.PostAsync($"/queues/{Backlog.Queue}/resume", content: null);
        resumed.EnsureSuccessStatusCode();
        var waits = new List<double>();

        // Half of them is left for the rate.
        do
        {
            waits.AddRange(await OneCaller.TimesAsync(CallsAtATime, () => full.Client.SubmitAsync("square", new { number = 1 }, waitSeconds: 10, priority: 50)));
        }
        while (waits.Count < Calls && await QueuedAsync() > jobs / 2);

        var (before, start) = (await full.CompletedAsync(), Stopwatch.GetTimestamp());

        do
        {
            await Task.Delay(Look, TimeProvider.System);
        }
        while (Stopwatch.GetElapsedTime(start) < Drain && await QueuedAsync() > 0);

        var rate = (await full.CompletedAsync() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;

        return
        [
            new($"POST with wait past all of them while they are worked off, p50 of {waits.Count}", waits.Percentile(0.5), "ms"),
            new("worked off", rate, "jobs/s"),
            new("resident memory, after all this", full.ResidentMiB, "MiB"),
        ];
    }

    private async Task<(SystemResult Empty, SystemResult Full)> TakeTurnsAsync(string scenario)
    {
        var driver = new Driver(scenario);
        await driver.TakeAsync(empty, WarmUp);
        await driver.TakeAsync(full, WarmUp);
        List<Turn> without = [], with = [];

        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await driver.TakeAsync(empty, TurnLength));
            with.Add(await driver.TakeAsync(full, TurnLength));
        }

        return (new SystemResult("empty", "empty", without), new SystemResult("full", "with a backlog", with));
    }

    private async Task<Measurement[]> RestAsync(string when)
    {
        await Task.Delay(Rest, TimeProvider.System);
        await CheckAsync();
        var (without, with) = (empty.ResidentMiB, full.ResidentMiB);

        return
        [
            new($"empty: resident memory, {when}", without, "MiB"),
            new($"resident memory, {when}", with, "MiB"),
            new("the same, more than empty", with - without, "MiB", 100),
        ];
    }

    /// <summary>Figures beside a backlog that is not whole are none.</summary>
    private async Task CheckAsync()
    {
        if (await QueuedAsync() is var queued && queued != jobs)
        {
            throw new InvalidOperationException($"{queued:N0} jobs wait where {jobs:N0} should.");
        }
    }

    private Task<long> QueuedAsync() => full.Client.MetricAsync("queueDepth");

    private static async Task<double> P99Async(RunningSystem server, string path) =>
        (await OneCaller.TimesAsync(Calls, () => server.Client.GetStringAsync(new Uri(path, UriKind.Relative)))).Percentile(0.99);
}
