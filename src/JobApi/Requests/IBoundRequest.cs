using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>Something read from a request. A handler sees it only when <see cref="Problem"/> is null: a filter answers the rest.</summary>
internal interface IBoundRequest
{
    /// <summary>Why it could not be read.</summary>
    Problem? Problem { get; }
}

/// <summary>Answers for requests that could not be read, before any handler or validator sees them.</summary>
internal sealed class BindingFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        for (var place = 0; place < context.Arguments.Count; place++)
        {
            if (context.Arguments[place] is IBoundRequest { Problem: { } problem })
            {
                return ValueTask.FromResult<object?>(problem);
            }
        }

        return next(context);
    }
}
