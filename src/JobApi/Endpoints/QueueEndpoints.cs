using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using JobApi.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/queues</c>: what waits where, pause, resume and limits. A change that has begun is finished even when its client leaves.</summary>
internal static class QueueEndpoints
{
    /// <summary>The most queues of one answer.</summary>
    internal const int PageSize = 1_000;

    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        var queues = routes.MapGroup("/queues").WithTags("Queues").AddEndpointFilter(CheckNameAsync);

        queues.MapMethods("/", Reading.Methods, ListAsync).Describe(QueueDocs.List);
        queues.MapMethods("/{name}", Reading.Methods, GetAsync).Describe(QueueDocs.Get);
        queues.MapPatch("/{name}", ChangeAsync).Validate<ChangeQueueRequest>().Describe(QueueDocs.Change);
        queues.MapPost("/{name}/pause", PauseAsync).Describe(QueueDocs.Pause);
        queues.MapPost("/{name}/resume", ResumeAsync).Describe(QueueDocs.Resume);
    }

    /// <summary>Names are written as in a submission.</summary>
    private static ValueTask<object?> CheckNameAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.RouteValues["name"] is string name && !QueueName.IsValid(name)
            ? ValueTask.FromResult<object?>(Problems.InvalidRequest(new PayloadError("name", QueueName.Rule)))
            : next(context);

    private static async Task<Ok<QueueListResponse>> ListAsync(QueuePage page, IQueueSettings queues, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await queues.ListAsync(new QueueQuery(PageSize + 1, page.After), cancellationToken);
        var items = found.Take(PageSize).Select(queue => Of(queue, time)).ToList();

        return TypedResults.Ok(new QueueListResponse(items, found.Count > PageSize ? items[^1].Name : null));
    }

    private static async Task<Results<Ok<QueueResponse>, Problem>> GetAsync(
        string name, IQueueSettings queues, TimeProvider time, CancellationToken cancellationToken) =>
        await queues.FindAsync(name, cancellationToken) is { } found ? TypedResults.Ok(Of(found, time)) : Problems.QueueNotFound(name);

    private static async Task<Results<Ok<QueueResponse>, Problem>> ChangeAsync(
        string name, JsonBody<ChangeQueueRequest> body, IQueueSettings queues, TimeProvider time)
    {
        var limit = body.Value.ConcurrencyLimit;

        return await ApplyAsync(name, queues, time, new QueueChange
        {
            IsPaused = body.Value.Paused,
            ConcurrencyLimit = limit.Value,
            IsUnlimited = limit is { IsGiven: true, Value: null },
        });
    }

    private static async Task<Results<Ok<QueueResponse>, Problem>> PauseAsync(string name, IQueueSettings queues, TimeProvider time) =>
        await ApplyAsync(name, queues, time, new QueueChange { IsPaused = true });

    private static async Task<Results<Ok<QueueResponse>, Problem>> ResumeAsync(string name, IQueueSettings queues, TimeProvider time) =>
        await ApplyAsync(name, queues, time, new QueueChange { IsPaused = false });

    private static async Task<Ok<QueueResponse>> ApplyAsync(string name, IQueueSettings queues, TimeProvider time, QueueChange change) =>
        TypedResults.Ok(Of(await queues.ChangeAsync(name, change, CancellationToken.None), time));

    private static QueueResponse Of(QueueStanding queue, TimeProvider time)
    {
        var self = "/queues/" + queue.Name;
        var age = queue.OldestQueuedSince is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0;

        return new QueueResponse
        {
            Name = queue.Name,
            Paused = queue.IsPaused,
            ConcurrencyLimit = queue.ConcurrencyLimit,
            Depth = queue.Queued,
            OldestQueuedSeconds = Math.Max(age, 0),
            Scheduled = queue.Scheduled,
            Running = queue.Running,
            Links = new QueueLinks(self, self + "/pause", self + "/resume"),
        };
    }
}
