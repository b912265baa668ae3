using System.Reflection;
using System.Security.Cryptography;
using JobApi.Contracts;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>The body of <c>POST /jobs</c>: one job that keeps all the rules which do not depend on its type.</summary>
internal sealed class JobBody : IBoundRequest
{
    private readonly SubmitJobRequest? _request;

    private JobBody(JobReading reading) => (_request, Problem) = reading;

    public SubmitJobRequest Request => _request ?? throw new InvalidOperationException("This body was refused; the binding filter is missing on its endpoint.");

    /// <summary>A hash of the whole body; empty when it came without a key to remember it by.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; private init; }

    public Problem? Problem { get; }

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
            : new JobBody(reader.Read(body.Bytes))
            {
                Fingerprint = request.Headers.ContainsKey(IdempotencyKeyHeader.Name) ? SHA256.HashData(body.Bytes.Span) : default,
            };
    }

    private static JobBody Refused(Problem problem) => new(new JobReading(null, problem));
}
