using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Dispatch;
using JobApi.Engine.Execution;
using JobApi.Engine.Results;
using JobApi.Engine.Storage;
using JobApi.Engine.Upkeep;
using JobApi.Engine.Workers;

namespace JobApi.Engine;

/// <summary>What <see cref="JobEngine"/> starts and stops.</summary>
internal sealed record EngineParts(
    LoopSupervisor Supervisor,
    Dispatcher Dispatcher,
    Claims Claims,
    Doorbell Doorbell,
    OpenQueues Queues,
    ReadyQueue Ready,
    WorkerPool Pool,
    Occupancy Occupancy,
    Isolation Isolation,
    HeldJobs HeldJobs,
    CompletionBuffer Completions,
    HistoryWriter History,
    ResultsStore Results,
    TimeKeeper TimeKeeper,
    Retention Retention,
    FileUpkeep Files,
    DiskWatch Disks,
    StatsLine Stats,
    Indexing Indexing,
    AutoScaler Scaler,
    LeaseKeeper Leases)
{
    /// <summary>The loops that only have to end before the process does.</summary>
    public IEnumerable<IEngineLoop> Upkeep(StoreTraits traits)
    {
        IEnumerable<IEngineLoop> loops = [History, TimeKeeper, Retention, Files, Disks, Stats, Scaler];
        loops = Indexing.IsNeeded ? loops.Append(Indexing) : loops;
        return traits.IsShared ? loops.Append(Leases) : loops;
    }
}
