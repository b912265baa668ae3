using System.Text.Json.Nodes;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>
/// Describes the body of <c>POST /jobs</c> as one of the registered job types, each with its own payload schema and a working example,
/// so that a person picks a type from a list and sends what it shows.
/// </summary>
internal sealed class SubmitBodyFilter(HandlerRegistry types) : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId != JobDocs.Submit.Id || operation.RequestBody?.Content is not { } content || types.All.Count == 0)
        {
            return;
        }

        var common = TakeCommonSchema(context.SchemaRepository);
        var choices = types.All.ToDictionary(type => type.Name, type => Define(type, common, context), StringComparer.Ordinal);

        content[Json] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                OneOf = [.. choices.Values],
                Discriminator = new OpenApiDiscriminator { PropertyName = "type", Mapping = choices },
            },
            Examples = types.All.Where(type => type.Example is not null).ToDictionary(
                type => type.Name,
                IOpenApiExample (type) => new OpenApiExample
                {
                    Summary = type.Options.Description.Length > 0 ? $"{type.Name}: {type.Options.Description}" : type.Name,
                    Value = new JsonObject { ["type"] = type.Name, ["payload"] = type.Example },
                }),
        };
    }

    /// <summary>The members that all types share. The schema itself is taken out: every use of it is one of the choices.</summary>
    private static OpenApiSchema TakeCommonSchema(SchemaRepository schemas)
    {
        schemas.Schemas.Remove(nameof(SubmitJobRequest), out var schema);
        return (OpenApiSchema)schema!;
    }

    private static OpenApiSchemaReference Define(JobType type, OpenApiSchema common, OperationFilterContext context)
    {
        var name = string.Concat(type.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var (payload, job) = (name + "Payload", "Submit" + name + "Job");

        context.SchemaRepository.AddDefinition(payload, Parse(type.PayloadSchema, context.Document));

        var properties = new Dictionary<string, IOpenApiSchema>(common.Properties!)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = type.Name, Description = "Which kind of job." },
            ["payload"] = new OpenApiSchemaReference(payload, context.Document),
        };

        context.SchemaRepository.AddDefinition(job, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = type.Options.Description,
            Properties = properties,
            Required = new HashSet<string> { "type", "payload" },
            AdditionalPropertiesAllowed = false,
        });

        return new OpenApiSchemaReference(job, context.Document);
    }

    /// <summary>The engine's schemas are JSON Schema 2020-12, which is what OpenAPI 3.1 speaks.</summary>
    private static OpenApiSchema Parse(JsonNode schema, OpenApiDocument document) =>
        OpenApiModelFactory.Parse<OpenApiSchema>(schema.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, "json") ?? new OpenApiSchema();
}
