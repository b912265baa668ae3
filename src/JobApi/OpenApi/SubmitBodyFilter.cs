using System.Text.Json.Nodes;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Submission;
using JobApi.Guards;
using JobApi.Requests;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>
/// Describes the bodies of <c>POST /jobs</c> and <c>POST /jobs/bulk</c> as one, or many, of the registered job types, each with its own payload schema
/// and a working example, so that a person picks a type from a list and sends what it shows.
/// </summary>
internal sealed class SubmitBodyFilter(HandlerRegistry types, IOptions<HttpOptions> limits) : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (types.All.Count == 0)
        {
            return;
        }

        if (operation.OperationId == JobDocs.Submit.Id && operation.RequestBody?.Content is { } content)
        {
            content[Json] = new OpenApiMediaType { Schema = AnyJob(context), Examples = Examples(example => example) };
        }
        else if (operation.OperationId == BulkDocs.Submit.Id)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new()
                    {
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = BulkDraft.MaxJobs, Items = AnyJob(context) },
                        Examples = Examples(example => new JsonArray(example, example.DeepClone())),
                    },
                    [JsonMedia.Lines] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = limits.Value.MaxBulkBytes, Description = "One job a line." } },
                },
            };
        }
    }

    private Dictionary<string, IOpenApiExample> Examples(Func<JsonObject, JsonNode> body) => types.All.Where(type => type.Example is not null).ToDictionary(
        type => type.Name,
        IOpenApiExample (type) => new OpenApiExample
        {
            Summary = type.Options.Description.Length > 0 ? $"{type.Name}: {type.Options.Description}" : type.Name,
            Value = body(new JsonObject { ["type"] = type.Name, ["payload"] = type.Example }),
        });

    private OpenApiSchema AnyJob(OperationFilterContext context)
    {
        var common = TakeCommonSchema(context);
        var choices = types.All.ToDictionary(type => type.Name, type => Define(type, common, context), StringComparer.Ordinal);

        return new OpenApiSchema
        {
            OneOf = [.. choices.Values],
            Discriminator = new OpenApiDiscriminator { PropertyName = "type", Mapping = choices },
        };
    }

    /// <summary>The members that all types share. The schema itself is taken out: every use of it is one of the choices.</summary>
    private static OpenApiSchema TakeCommonSchema(OperationFilterContext context)
    {
        context.SchemaGenerator.GenerateSchema(typeof(SubmitJobRequest), context.SchemaRepository);
        context.SchemaRepository.Schemas.Remove(nameof(SubmitJobRequest), out var schema);

        return (OpenApiSchema)schema!;
    }

    private static OpenApiSchemaReference Define(JobType type, OpenApiSchema common, OperationFilterContext context)
    {
        var name = string.Concat(type.Name.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var (payload, job) = (name + "Payload", "Submit" + name + "Job");

        if (context.SchemaRepository.Schemas.ContainsKey(job))
        {
            return new OpenApiSchemaReference(job, context.Document);
        }

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
