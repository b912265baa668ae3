using JobApi.Engine.Results;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary>How an answer tells of the wait before it.</summary>
internal static class Waiting
{
    /// <summary>Says that the caller's preference was heeded, unless the server could not let it wait.</summary>
    public static void AddApplied(this HttpResponse response, WaitPreference wait, Waited waited)
    {
        if (wait.Applied is { } applied && !waited.IsCutShort)
        {
            response.Headers["Preference-Applied"] = applied;
        }
    }
}
