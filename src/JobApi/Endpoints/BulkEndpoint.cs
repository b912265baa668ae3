using JobApi.Contracts;
using JobApi.Engine.Submission;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary><c>POST /jobs/bulk</c>: many jobs with one commit.</summary>
internal static class BulkEndpoint
{
    public static void MapBulk(this IEndpointRouteBuilder jobs) => jobs.MapPost("/bulk", SubmitAsync)
        .Produces<BulkResponse>(StatusCodes.Status202Accepted).Produces<BulkResponse>(StatusCodes.Status207MultiStatus).Describe(BulkDocs.Submit);

    private static async Task<IResult> SubmitAsync(
        BulkBody body, IdempotencyKeyHeader key, HttpContext http, BulkSubmitter submitter, JobResponses responses)
    {
        var bulk = new BulkDraft(body.Jobs, body.IsAtomic)
        {
            IdempotencyKey = key.Value,
            Fingerprint = body.Fingerprint,
        };

        // No token: a client that leaves must not cut a commit that has begun. The same key will find the jobs.
        return await submitter.SubmitAsync(bulk, CancellationToken.None) switch
        {
            BulkResult.Answered answered => Answer(body, answered, http.Response, responses),
            BulkResult.Refused refused => Problems.BulkRefused(
                [.. refused.Results.Select((result, place) => (place, BulkItems.WhyNot(body.Jobs.Problem(place), result)!)).Where(one => one.Item2 is not null)]),
            BulkResult.KeyReused => Problems.IdempotencyKeyReused(),
            BulkResult.Gone => Problems.KeyedJobGone(),
            BulkResult.NotAccepted no => Problems.NotAccepted(no.Why, no.RetryAfter),
            var other => throw new InvalidOperationException($"{other.GetType().Name} has no answer: BulkResult is a closed set."),
        };
    }

    private static BulkAnswer Answer(BulkBody body, BulkResult.Answered answered, HttpResponse response, JobResponses responses)
    {
        if (answered.IsReplay)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        var items = new BulkItems(body.Jobs.Problem, answered.Results, responses);

        return new BulkAnswer(
            body.IsAtomic ? StatusCodes.Status202Accepted : StatusCodes.Status207MultiStatus,
            new BulkResponse(items.Accepted, items.Count - items.Accepted, items), items.RetryAfter);
    }
}
