using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Faults.Twins;

/// <summary><see cref="Twin.AcknowledgesEarly"/>.</summary>
internal sealed class EarlyQueue(IJobQueue real) : QueueTwin(real)
{
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(100);

    public override ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken)
    {
        _ = StoreLaterAsync(request);

        return new([.. request.Submissions.Select(submission =>
            new InsertOutcome.Inserted([.. submission.Jobs.Select(spec => Job.Submitted(spec, request.Now))]))]);
    }

    private async Task StoreLaterAsync(InsertRequest request)
    {
        await Task.Delay(Lag, TimeProvider.System);
        await Real.InsertAsync(request with { Offer = null }, CancellationToken.None);
    }
}

/// <summary><see cref="Twin.ForgetsKeys"/>.</summary>
internal sealed class KeylessQueue(IJobQueue real) : QueueTwin(real)
{
    public override ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        Real.InsertAsync(request with { Submissions = [.. request.Submissions.Select(submission => submission with { Key = null })] }, cancellationToken);
}

/// <summary><see cref="Twin.HasNoTimeouts"/>.</summary>
internal sealed class PatientQueue(IJobQueue real) : QueueTwin(real)
{
    public override ValueTask<IReadOnlyList<InsertOutcome>> InsertAsync(InsertRequest request, CancellationToken cancellationToken) =>
        Real.InsertAsync(
            request with
            {
                Submissions = [.. request.Submissions.Select(submission => submission with
                {
                    Jobs = [.. submission.Jobs.Select(spec => spec with { Timeout = TimeSpan.FromHours(1) })],
                })],
            },
            cancellationToken);
}
