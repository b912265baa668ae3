using FluentValidation;
using JobApi.Contracts;
using JobApi.Guards;
using JobApi.Refusals;
using JobApi.Validation;
using Microsoft.Extensions.Options;

namespace JobApi.Requests;

/// <summary>A submission that was read: what is asked for, or why it cannot be.</summary>
internal readonly record struct JobReading(SubmitJobRequest? Request, Problem? Problem);

/// <summary>Reads submissions, alone or as part of a bulk: both as strictly, and both held to the same rules.</summary>
internal sealed class JobReader(IValidator<SubmitJobRequest> rules, IOptions<HttpOptions> options)
{
    /// <summary>The longest body with many jobs.</summary>
    public int MaxBulkBytes { get; } = options.Value.MaxBulkBytes;

    /// <summary>The longest job.</summary>
    public int MaxJobBytes { get; } = options.Value.MaxJsonBytes;

    /// <summary>What is read is copied: the bytes may be borrowed.</summary>
    public JobReading[] Read(ReadOnlyMemory<byte> body, List<Range> jobs)
    {
        var readings = new JobReading[jobs.Count];

        for (var place = 0; place < readings.Length; place++)
        {
            readings[place] = Read(body[jobs[place]]);
        }

        return readings;
    }

    /// <summary>What is read is copied: the bytes may be borrowed.</summary>
    public JobReading Read(ReadOnlyMemory<byte> job)
    {
        if (job.Length > MaxJobBytes)
        {
            return new JobReading(null, Problems.BodyTooLarge(MaxJobBytes));
        }

        return PlainJob.TryRead(job.Span) is { } plain ? new JobReading(plain, null) : ReadStrictly(job);
    }

    private JobReading ReadStrictly(ReadOnlyMemory<byte> job)
    {
        var read = JsonBody<SubmitJobRequest>.Read(job);

        return (read.Problem ?? rules.Refuse(read.Value)) is { } problem ? new JobReading(null, problem) : new JobReading(read.Value, null);
    }
}
