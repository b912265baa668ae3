using System.Reflection;
using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Refusals;
using Microsoft.Net.Http.Headers;

namespace JobApi.Requests;

/// <summary>The header <c>If-Match</c> on a change of a job: only if it is still at one of these versions.</summary>
internal sealed class VersionCondition : IBoundRequest
{
    private EntityTags? _tags;

    public Problem? Problem { get; private init; }

    /// <summary>The job, under this condition.</summary>
    public JobSelection On(Guid id) => JobSelection.Of(id) with { Versions = _tags?.Versions() };

    public static ValueTask<VersionCondition?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var tags = EntityTags.IfMatch(context.Request);

        // A condition that cannot be read must not be taken for none.
        return ValueTask.FromResult<VersionCondition?>(tags is null && context.Request.Headers.IfMatch.Count > 0
            ? new VersionCondition { Problem = Problems.InvalidRequest(new PayloadError(HeaderNames.IfMatch, "This is one or more entity tags, such as \"3\", or *.")) }
            : new VersionCondition { _tags = tags });
    }
}
