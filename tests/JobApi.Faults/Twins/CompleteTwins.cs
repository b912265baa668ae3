using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Hosting;

namespace JobApi.Faults.Twins;

/// <summary><see cref="Twin.CompletesAtClaim"/>.</summary>
internal sealed class CompletingQueue(IJobQueue real) : QueueTwin(real)
{
    public override ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        Real.InsertAsync(request with { Offer = null }, cancellationToken);

    public override async ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var claimed = await Real.ClaimAsync(request, cancellationToken);
        await Real.CompleteAsync(
            [.. claimed.Select(job => new JobCompletion { Lease = job.Lease, To = JobState.Succeeded, At = request.Now, Duration = TimeSpan.Zero, Result = "null"u8.ToArray() })],
            cancellationToken);

        return claimed;
    }
}

/// <summary><see cref="Twin.DropsHandBacks"/>.</summary>
internal sealed class DroppingQueue(IJobQueue real) : QueueTwin(real)
{
    public override ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        Real.CompleteAsync([.. completions.Where(completion => completion.To != JobState.Queued)], cancellationToken);
}

/// <summary><see cref="Twin.ForgivesPoison"/>.</summary>
internal sealed class Forgiveness(IJobControl control, TimeProvider time) : IHostedService
{
    private const int Most = 1_000;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var failed = new JobFilter { States = new HashSet<JobState> { JobState.Failed } };
        await control.RequeueAsync(JobSelection.Where(failed, Most), time.GetUtcNow(), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
