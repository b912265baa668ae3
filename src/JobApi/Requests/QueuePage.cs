using System.Reflection;
using JobApi.Engine.Execution;
using JobApi.Refusals;
using JobApi.Validation;

namespace JobApi.Requests;

/// <summary>Where a page of queues begins: the parameter <c>?after=</c>.</summary>
internal sealed class QueuePage : IBoundRequest
{
    public string? After { get; private init; }

    public Problem? Problem { get; private init; }

    public static ValueTask<QueuePage?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<QueuePage?>(context.Request.Query["after"] switch
    {
        [] => new QueuePage(),
        [{ } name] when QueueName.IsValid(name) => new QueuePage { After = name },
        _ => new QueuePage { Problem = Problems.InvalidRequest(new PayloadError("?after", QueueName.Rule)) },
    });
}
