using System.Reflection;
using System.Security.Cryptography;
using JobApi.Engine.Submission;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>The body of <c>POST /jobs</c>: one job that keeps all the rules which do not depend on its type.</summary>
internal sealed class JobBody : IBoundRequest
{
    private readonly JobDraft? _draft;

    // Of the whole body; empty when it came without a key to remember it by.
    private readonly ReadOnlyMemory<byte> _fingerprint;

    private JobBody(JobReading reading, ReadOnlyMemory<byte> fingerprint = default) => ((_draft, Problem), _fingerprint) = (reading, fingerprint);

    public Problem? Problem { get; }

    /// <param name="key">The key the job is remembered by.</param>
    public JobDraft Draft(string? key)
    {
        var draft = _draft ?? throw new InvalidOperationException("This body was refused; the binding filter is missing on its endpoint.");

        return key is null ? draft : draft with { IdempotencyKey = key, Fingerprint = _fingerprint };
    }

    /// <summary>Called by ASP.NET Core.</summary>
    public static async ValueTask<JobBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var reader = context.RequestServices.GetRequiredService<JobReader>();

        if (JsonMedia.Refuse(request) is { } refusal)
        {
            return Refused(refusal);
        }

        using var body = await PooledBody.ReadAsync(request, reader.MaxJobBytes, context.RequestAborted);

        return body is null
            ? Refused(Problems.BodyTooLarge(reader.MaxJobBytes))
            : new JobBody(
                reader.Read(body.Bytes, JobDrafts.TraceParent(request)),
                request.Headers.ContainsKey(IdempotencyKeyHeader.Name) ? SHA256.HashData(body.Bytes.Span) : default);
    }

    private static JobBody Refused(Problem problem) => new(new JobReading(null, problem));
}
