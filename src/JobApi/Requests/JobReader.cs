using FluentValidation;
using JobApi.Contracts;
using JobApi.Engine.Submission;
using JobApi.Guards;
using JobApi.Refusals;
using JobApi.Validation;
using Microsoft.Extensions.Options;

namespace JobApi.Requests;

/// <summary>A submission that was read: what is asked for, or why it cannot be.</summary>
internal readonly record struct JobReading(JobDraft? Draft, Problem? Problem);

/// <summary>Reads submissions, alone or as part of a bulk: both as strictly, and both held to the same rules.</summary>
internal sealed class JobReader(IValidator<SubmitJobRequest> rules, JobDrafts drafts, IOptions<HttpOptions> options)
{
    /// <summary>The longest body with many jobs.</summary>
    public int MaxBulkBytes { get; } = options.Value.MaxBulkBytes;

    /// <summary>The longest job.</summary>
    public int MaxJobBytes { get; } = options.Value.MaxJsonBytes;

    /// <summary>What is read is copied: the bytes may be borrowed.</summary>
    /// <param name="job">The job's bytes.</param>
    /// <param name="traceParent">The trace to continue.</param>
    public JobReading Read(ReadOnlyMemory<byte> job, string? traceParent)
    {
        if (job.Length > MaxJobBytes)
        {
            return new JobReading(null, Problems.BodyTooLarge(MaxJobBytes));
        }

        return PlainJob.TryRead(job.Span) is { } plain ? new JobReading(JobDrafts.Of(plain, traceParent), null) : ReadStrictly(job, traceParent);
    }

    private JobReading ReadStrictly(ReadOnlyMemory<byte> job, string? traceParent)
    {
        var read = JsonBody<SubmitJobRequest>.Read(job);

        return (read.Problem ?? rules.Refuse(read.Value)) is { } problem ? new JobReading(null, problem) : new JobReading(drafts.Of(read.Value, traceParent), null);
    }
}
