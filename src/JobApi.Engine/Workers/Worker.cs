using JobApi.Engine.Completion;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Workers;

/// <summary>Takes one job after the other, and goes when it is told to. The job in hand is always finished first.</summary>
internal sealed class Worker(
    string name, ReadyQueue ready, JobExecutor executor, CompletionBuffer completions, Dispatcher dispatcher, Pace pace, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    // Written by this worker's loop only, read by whoever takes a snapshot.
    private volatile InHand? _inHand;

    public Guid? JobInHand => _inHand?.Job.Id;

    public string Name => name;

    public WorkerSnapshot Snapshot()
    {
        var inHand = _inHand;
        return new WorkerSnapshot(name, _startedAt, inHand?.Job.Id, inHand?.Job.Type, inHand?.Since);
    }

    public async Task RunAsync()
    {
        while (await ready.NextAsync() is { } held)
        {
            var begun = time.GetTimestamp();
            _inHand = new InHand(held.Job, time.GetUtcNow());
            var finished = await executor.ExecuteAsync(held, name);
            _inHand = null;

            dispatcher.Release(finished);
            await completions.AddAsync(finished);
            pace.Ended(time.GetElapsedTime(begun));
        }
    }

    private sealed record InHand(Job Job, DateTimeOffset Since);
}
