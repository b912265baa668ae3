using System.Text.Json.Nodes;
using FluentValidation;
using JobApi.Engine.Execution;

namespace JobApi.Jobs.Validation;

/// <summary>Lets a FluentValidation class judge payloads, and says where in JSON what it found is.</summary>
internal sealed class FluentPayloadValidator<TPayload>(IValidator<TPayload> rules) : IPayloadValidator<TPayload>
{
    public IEnumerable<PayloadError> Validate(TPayload payload) =>
        rules.Validate(payload).Errors.Select(error => new PayloadError(JsonPointer.FromProperty(error.PropertyName), error.ErrorMessage));

    public void Describe(JsonObject schema)
    {
        foreach (var bounds in RuleBounds.Of(rules))
        {
            if (schema["properties"]?[bounds.Member] is JsonObject member)
            {
                Add(member, "minimum", bounds.Minimum);
                Add(member, "maximum", bounds.Maximum);
                Add(member, "minLength", bounds.MinLength);
                Add(member, "maxLength", bounds.MaxLength);
                Add(member, "pattern", bounds.Pattern);
            }
        }
    }

    private static void Add<T>(JsonObject member, string keyword, T? bound)
    {
        if (bound is not null)
        {
            member[keyword] = JsonValue.Create(bound);
        }
    }
}
