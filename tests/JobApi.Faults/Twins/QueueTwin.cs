using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Faults.Twins;

/// <summary>A queue that does what the real one does; each twin overrides the one method it breaks.</summary>
internal abstract class QueueTwin(IJobQueue real) : IJobQueue
{
    protected IJobQueue Real => real;

    public virtual ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        real.InsertAsync(request, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Job>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) =>
        real.ClaimAsync(request, cancellationToken);

    public virtual ValueTask<RenewOutcome> RenewAsync(RenewRequest request, CancellationToken cancellationToken) =>
        real.RenewAsync(request, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Job>> CompleteAsync(IReadOnlyList<JobCompletion> completions, CancellationToken cancellationToken) =>
        real.CompleteAsync(completions, cancellationToken);

    public virtual ValueTask<AdvanceOutcome> AdvanceAsync(AdvanceRequest request, CancellationToken cancellationToken) =>
        real.AdvanceAsync(request, cancellationToken);
}
