using System.Globalization;
using System.Reflection;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.OpenApi;
using JobApi.Refusals;
using JobApi.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JobApi.Endpoints;

/// <summary><c>/jobs/{id}</c>: what happened to it.</summary>
internal static class JobHistoryEndpoints
{
    /// <summary>The most lines of a log that one answer has.</summary>
    internal const int MaxLines = 1_000;

    public static void MapJobHistory(this IEndpointRouteBuilder jobs)
    {
        jobs.MapMethods("/{id:guid}/attempts", Reading.Methods, AttemptsAsync).Describe(JobDocs.Attempts);
        jobs.MapMethods("/{id:guid}/logs", Reading.Methods, LogsAsync).Describe(JobDocs.Logs);
    }

    private static async Task<Results<Ok<AttemptListResponse>, Problem>> AttemptsAsync(
        Guid id, IJobHistory history, IJobReader jobs, CancellationToken cancellationToken) =>
        await history.AttemptsAsync(id, cancellationToken) is { } attempts
            ? TypedResults.Ok(new AttemptListResponse([.. attempts.Select(JobResponses.Of)]))
            : await jobs.MissingAsync(id, cancellationToken);

    private static async Task<Results<Ok<LogListResponse>, Problem>> LogsAsync(
        Guid id, LogPosition position, IJobHistory history, IJobReader jobs, CancellationToken cancellationToken) =>
        await history.LogsAsync(id, position.After, MaxLines, cancellationToken) is { } lines
            ? TypedResults.Ok(new LogListResponse([.. lines.Select(JobResponses.Of)], lines is [.., var last] ? last.Number : position.Next))
            : await jobs.MissingAsync(id, cancellationToken);

    /// <summary>The parameter <c>?after=</c>.</summary>
    internal sealed class LogPosition : IBoundRequest
    {
        public long After { get; private init; }

        /// <summary>Where to go on when nothing new came: where the caller is already.</summary>
        public long? Next => After == 0 ? null : After;

        public Problem? Problem { get; private init; }

        public static ValueTask<LogPosition?> BindAsync(HttpContext context, ParameterInfo parameter) =>
            ValueTask.FromResult<LogPosition?>(context.Request.Query["after"] switch
            {
                [] => new LogPosition(),
                [var text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) => new LogPosition { After = after },
                _ => new LogPosition { Problem = Problems.InvalidRequest(new PayloadError("?after", "This is the number of a line, from 0.")) },
            });
    }
}
