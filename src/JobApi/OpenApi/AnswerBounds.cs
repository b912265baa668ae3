using System.Globalization;
using JobApi.Engine.Storage;
using JobApi.Engine.Submission;
using JobApi.Engine.Workers;
using JobApi.Requests;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>
/// Says how large things can get that the server answers with, and how large a payload's texts can be at most, so that a client knows what to hold
/// memory for. Members of requests are bounded by their rules, and are left alone here: one without a rule is found by the linter.
/// </summary>
internal sealed class AnswerBounds(int maxJsonBytes) : IDocumentFilter
{
    /// <summary>Nothing the server words itself is longer: the longest is a refusal that repeats an address.</summary>
    private const int MaxText = 65_536;

    /// <summary>Longest RFC 3339 instant that is read or written.</summary>
    private const int MaxInstant = 40;

    private const int MaxId = 36;
    private const int MaxItems = 10_000;

    private static readonly Dictionary<string, int> MaxItemsOf = new(StringComparer.Ordinal)
    {
        ["BulkResponse"] = BulkDraft.MaxJobs,
        ["JobListResponse"] = JobListQuery.MaxPageSize,
        ["AttemptListResponse"] = AttemptRecord.MaxKept,
        ["LogListResponse"] = Endpoints.JobHistoryEndpoints.MaxLines,
        ["QueueListResponse"] = Endpoints.QueueEndpoints.PageSize,
        ["WorkersResponse"] = WorkerPool.MaxSize,
    };

    private enum Side
    {
        Request,
        Payload,
        Answer,
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var (name, schema) in swaggerDoc.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            var side = name.EndsWith("Payload", StringComparison.Ordinal) ? Side.Payload
                : schema.AdditionalPropertiesAllowed ? Side.Answer
                : Side.Request;

            Bound(schema, null, side, MaxItemsOf.GetValueOrDefault(name, MaxItems));
        }

        foreach (var operation in swaggerDoc.Paths.Values.SelectMany(path => path.Operations ?? []).Select(operation => operation.Value))
        {
            foreach (var parameter in operation.Parameters ?? [])
            {
                Bound(parameter.Schema, null, Side.Answer, MaxItems);
            }

            foreach (var body in (operation.Responses ?? []).Values.SelectMany(answer => answer.Content?.Values ?? []))
            {
                Bound(body.Schema, null, Side.Answer, MaxItems);
            }
        }
    }

    private void Bound(IOpenApiSchema? any, string? member, Side side, int maxItems)
    {
        // What a reference points to is a component, and has its turn there.
        if (any is not OpenApiSchema schema)
        {
            return;
        }

        if (Is(schema, JsonSchemaType.String) && schema is { MaxLength: null, Const: null } && schema.Enum is null or [])
        {
            schema.MaxLength = schema.Format switch
            {
                "date-time" => MaxInstant,
                "uuid" => MaxId,
                _ => side switch { Side.Answer => MaxText, Side.Payload => maxJsonBytes, _ => null },
            };
        }

        if (Is(schema, JsonSchemaType.Integer) && side == Side.Answer)
        {
            var (least, greatest) = member == "priority" ? (-100, 100) : (0, schema.Format == "int32" ? int.MaxValue : long.MaxValue);
            schema.Minimum ??= least.ToString(CultureInfo.InvariantCulture);
            schema.Maximum ??= greatest.ToString(CultureInfo.InvariantCulture);
        }

        if (Is(schema, JsonSchemaType.Array) && side != Side.Request)
        {
            schema.MaxItems ??= side == Side.Payload ? maxJsonBytes : maxItems;
        }

        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            Bound(property, name, side, maxItems);
        }

        Bound(schema.Items, null, side, maxItems);
        Bound(schema.AdditionalProperties, null, side, maxItems);
    }

    private static bool Is(OpenApiSchema schema, JsonSchemaType type) => schema.Type?.HasFlag(type) == true;
}
