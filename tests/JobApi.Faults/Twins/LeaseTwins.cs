using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Faults.Twins;

/// <summary><see cref="Twin.ExpiresLeases"/>.</summary>
internal class ExpiringQueue(IJobQueue real) : QueueTwin(real)
{
    /// <summary>How long a claim lasts here.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    public override ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        Real.InsertAsync(request with { Offer = request.Offer is { } offer ? Ending(offer) : null }, cancellationToken);

    public override ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        Real.ClaimAsync(Ending(request), cancellationToken);

    private static ClaimOffer Ending(ClaimOffer offer) => new(() => offer.Take() is { } taken ? Ending(taken) : null, _ => offer.Decline());

    private static ClaimRequest Ending(ClaimRequest request) => request with { LeaseExpiresAt = request.Now + Lease };
}

/// <summary><see cref="Twin.CompletesById"/>.</summary>
internal sealed class UnfencedQueue(IJobQueue real, IJobReader jobs) : ExpiringQueue(real)
{
    public override async ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken)
    {
        var rewritten = new List<JobCompletion>();

        foreach (var completion in completions)
        {
            var job = await jobs.FindAsync(completion.Lease.JobId, cancellationToken);
            rewritten.Add(job is { State: JobState.Running } ? completion with { Lease = job.Lease } : completion);
        }

        return await Real.CompleteAsync(rewritten, cancellationToken);
    }
}
