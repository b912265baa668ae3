using FluentValidation;
using JobApi.Contracts;
using JobApi.Guards;
using JobApi.Refusals;
using JobApi.Validation;
using Microsoft.Extensions.Options;

namespace JobApi.Requests;

/// <summary>A job of a bulk: what was asked for, or why it could not be read.</summary>
internal readonly record struct BulkItem(SubmitJobRequest? Request, Problem? Problem);

/// <summary>Reads the jobs of a bulk, each as strictly as it would be read alone, and keeps to the same rules.</summary>
internal sealed class BulkReader(IValidator<SubmitJobRequest> rules, IOptions<HttpOptions> options)
{
    public int MaxBytes { get; } = options.Value.MaxBulkBytes;

    public BulkItem[] Read(ReadOnlyMemory<byte> body, List<Range> jobs)
    {
        var items = new BulkItem[jobs.Count];

        for (var place = 0; place < items.Length; place++)
        {
            items[place] = Read(body[jobs[place]]);
        }

        return items;
    }

    private BulkItem Read(ReadOnlyMemory<byte> job)
    {
        if (job.Length > options.Value.MaxJsonBytes)
        {
            return new BulkItem(null, Problems.BodyTooLarge(options.Value.MaxJsonBytes));
        }

        return PlainJob.TryRead(job.Span) is { } plain ? new BulkItem(plain, null) : ReadStrictly(job);
    }

    private BulkItem ReadStrictly(ReadOnlyMemory<byte> job)
    {
        var read = JsonBody<SubmitJobRequest>.Read(job);

        return (read.Problem ?? rules.Refuse(read.Value)) is { } problem ? new BulkItem(null, problem) : new BulkItem(read.Value, null);
    }
}
