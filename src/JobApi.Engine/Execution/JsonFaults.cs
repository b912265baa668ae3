using System.Text.Json;

namespace JobApi.Engine.Execution;

/// <summary>Explains unreadable JSON to the caller who sent it.</summary>
public static class JsonFaults
{
    /// <summary>Says where (a JSON pointer) and what, in words that name no .NET type.</summary>
    public static PayloadError Explain(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return JobTypeJson.ToError(exception);
    }
}
