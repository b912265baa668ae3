using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using JobApi.Engine.Execution;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>The body of <c>POST /jobs/bulk</c>: an array of jobs, or a job a line; and whether all are to be stored or none.</summary>
internal sealed class BulkBody : IBoundRequest
{
    public const string AtomicQuery = "atomic";

    private readonly BulkJobs? _jobs;

    private BulkBody(BulkJobs? jobs, Problem? problem) => (_jobs, Problem) = (jobs, problem);

    public BulkJobs Jobs => _jobs ?? throw new InvalidOperationException("This body was refused; the binding filter is missing on its endpoint.");

    public bool IsAtomic { get; private init; }

    /// <summary>A hash of the whole request; empty when it came without a key to remember it by.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; private init; }

    public Problem? Problem { get; }

    public static async ValueTask<BulkBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var reader = context.RequestServices.GetRequiredService<JobReader>();

        if (JsonMedia.RefuseBulk(request, out var isLines) is { } refusal)
        {
            return Refused(refusal);
        }

        if (Atomic(request) is not { } isAtomic)
        {
            return Refused(Problems.InvalidRequest(new PayloadError("?" + AtomicQuery, "This is true or false.")));
        }

        var body = await PooledBody.ReadAsync(request, reader.MaxBulkBytes, context.RequestAborted);

        if (body is null)
        {
            return Refused(Problems.BodyTooLarge(reader.MaxBulkBytes));
        }

        context.Response.RegisterForDispose(body);

        if (BulkSplit.Find(body.Bytes.Span, isLines, out var jobs) is { } problem)
        {
            return Refused(problem);
        }

        return new BulkBody(new BulkJobs(body, jobs, reader, JobDrafts.TraceParent(request)), null)
        {
            IsAtomic = isAtomic,
            Fingerprint = request.Headers.ContainsKey(IdempotencyKeyHeader.Name) ? Hash(body.Bytes.Span, isAtomic) : default,
        };
    }

    private static bool? Atomic(HttpRequest request) => request.Query[AtomicQuery] switch
    {
        [] or ["false"] => false,
        ["true"] => true,
        _ => null,
    };

    /// <summary>Of other bytes than the hash of a single job, so that no key stands for both.</summary>
    private static byte[] Hash(ReadOnlySpan<byte> body, bool isAtomic)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(isAtomic ? "bulk atomic\n" : "bulk\n"));
        hash.AppendData(body);

        return hash.GetHashAndReset();
    }

    private static BulkBody Refused(Problem problem) => new(null, problem);
}
