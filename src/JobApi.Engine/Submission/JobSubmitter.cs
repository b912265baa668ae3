namespace JobApi.Engine.Submission;

public sealed class JobSubmitter
{
    public ValueTask<SubmitResult> SubmitAsync(JobDraft draft, CancellationToken cancellationToken) => throw new NotImplementedException();
}
