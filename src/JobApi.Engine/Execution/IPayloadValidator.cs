using System.Text.Json.Nodes;

namespace JobApi.Engine.Execution;

/// <summary>
/// The rules of a payload that its JSON Schema cannot express. Checked before a job is accepted, so a breach is an answer to the
/// caller and never a failure later. Register it as a singleton service; without one, every payload that can be read is valid.
/// </summary>
/// <typeparam name="TPayload">The payload it knows.</typeparam>
public interface IPayloadValidator<in TPayload>
{
    /// <summary>What is wrong with a payload; empty when nothing is. Must not do I/O.</summary>
    IEnumerable<PayloadError> Validate(TPayload payload);

    /// <summary>Adds to the payload's JSON Schema what of the rules it can express, such as bounds, so that callers know them before they break them.</summary>
    /// <param name="schema">The schema that was made from the payload's type.</param>
    void Describe(JsonObject schema)
    {
    }
}

/// <summary>One thing that is wrong with a payload.</summary>
/// <param name="Location">Where, as a JSON pointer (RFC 6901) from the payload's root; empty for the payload as a whole.</param>
/// <param name="Message">What, for people.</param>
public sealed record PayloadError(string Location, string Message);
