using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using JobApi.Engine.Lifecycle;
using JobApi.Jobs;
using JobApi.Validation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>Writes the bounds of a request's members into its schema, read from the very rules that judge the request.</summary>
internal sealed class RequestBounds(IServiceProvider services) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } members })
        {
            return;
        }

        var rules = RulesOf(context.Type).ToArray();

        foreach (var bounds in rules.SelectMany(RuleBounds.Of))
        {
            if (members.TryGetValue(bounds.Member, out var member) && member is OpenApiSchema bounded)
            {
                Set(bounded, bounds);
            }
        }

        if (rules.Length > 0)
        {
            ForbidNull(context.Type, members);
            AddWords(members);
        }
    }

    /// <summary>The rules of a request and of the request it extends.</summary>
    private IEnumerable<IValidator> RulesOf(Type? type)
    {
        for (; type is { IsClass: true } && type.Namespace == typeof(Contracts.JobApiJson).Namespace; type = type.BaseType)
        {
            if (services.GetService(typeof(IValidator<>).MakeGenericType(type)) is IValidator rules)
            {
                yield return rules;
            }
        }
    }

    private static void Set(OpenApiSchema member, RuleBounds bounds)
    {
        member.Minimum = bounds.Minimum?.ToString(CultureInfo.InvariantCulture) ?? member.Minimum;
        member.Maximum = bounds.Maximum?.ToString(CultureInfo.InvariantCulture) ?? member.Maximum;
        member.MinLength = bounds.MinLength ?? member.MinLength;
        member.MaxLength = bounds.MaxLength ?? member.MaxLength;
        member.Pattern = bounds.Pattern ?? member.Pattern;
    }

    /// <summary>A member that may be absent has a type that knows <c>null</c>, also where the request must not say it. The compiler notes that with the setter.</summary>
    private static void ForbidNull(Type request, IDictionary<string, IOpenApiSchema> members)
    {
        foreach (var property in request.GetProperties().Where(property => property.SetMethod?.GetParameters()[^1].IsDefined(typeof(DisallowNullAttribute), inherit: false) == true))
        {
            if (members.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out var member) && member is OpenApiSchema { Type: { } type } schema)
            {
                schema.Type = type & ~JsonSchemaType.Null;
            }
        }
    }

    /// <summary>Rules that are code, not numbers: words of a list, and tags.</summary>
    private static void AddWords(IDictionary<string, IOpenApiSchema> members)
    {
        foreach (var (name, member) in members)
        {
            switch (name, member)
            {
                case ("kind", OpenApiSchema kind):
                    kind.Enum = OneOf(Words.BackoffKinds, kind);
                    break;
                case ("onConflict", OpenApiSchema wish):
                    wish.Enum = OneOf(Words.UniqueConflicts, wish);
                    break;
                case ("state", OpenApiSchema { Items: OpenApiSchema state } states):
                    states.MaxItems = Words.States.Count;
                    state.Enum = OneOf(Words.States, state);
                    break;
                case ("tags", OpenApiSchema { AdditionalProperties: OpenApiSchema value } tags):
                    tags.MaxProperties = JobSpec.MaxTags;
                    value.MaxLength = TagRules.MaxValueLength;
                    break;
                case ("queue", OpenApiSchema { MaxLength: null } queue):
                    queue.MaxLength = SubmitJobValidator.MaxQueueLength;
                    break;
            }
        }
    }

    private static List<JsonNode> OneOf(IEnumerable<string> words, OpenApiSchema member) =>
        [.. words.Select(word => (JsonNode)JsonValue.Create(word)), .. member.Type?.HasFlag(JsonSchemaType.Null) == true ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
}
