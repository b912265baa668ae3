using System.Globalization;
using System.Text.Json.Nodes;
using JobApi.Contracts;
using JobApi.Refusals;
using JobApi.Requests;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>Puts an endpoint's <see cref="OperationDoc"/> into the API description.</summary>
internal sealed class OperationDocFilter : IOperationFilter
{
    private const string Json = "application/json";

    /// <summary>Metrics are bounded by the names they are kept for: a hundred queues and the job types.</summary>
    private const int MaxTextBytes = 16 * 1_024 * 1_024;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;

        if (metadata.OfType<OperationDoc>().LastOrDefault() is not { } doc)
        {
            return;
        }

        AddParameters(operation, doc);
        AddBody(operation, doc, metadata.OfType<RequestBody>().LastOrDefault(), context);
        AddAnswers(operation, doc);
        AddProblems(operation, doc, context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository));

        if (HttpMethods.IsHead(context.ApiDescription.HttpMethod ?? string.Empty))
        {
            foreach (var answer in operation.Responses!.Values.OfType<OpenApiResponse>())
            {
                answer.Content = null;
            }
        }
    }

    /// <summary>Only the path's parameters are known from the signature; the rest is bound by our own code.</summary>
    private static void AddParameters(OpenApiOperation operation, OperationDoc doc)
    {
        var path = (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Path).ToArray();

        foreach (var parameter in path.OfType<OpenApiParameter>())
        {
            parameter.Description = parameter.Name == "id" ? "The id, as it was given." : "The name.";
        }

        operation.Parameters =
        [
            .. path,
            .. doc.Parameters.Select(parameter => new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.In,
                Description = parameter.Description,
                Schema = parameter.Schema,
                Explode = parameter.Schema.Type != JsonSchemaType.Array,
            }),
        ];
    }

    private static void AddBody(OpenApiOperation operation, OperationDoc doc, RequestBody? body, OperationFilterContext context)
    {
        if (body is not null)
        {
            var schema = context.SchemaGenerator.GenerateSchema(body.Type, context.SchemaRepository);

            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !body.IsOptional,
                Content = doc.AlsoFrom.Prepend(Json).ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }),
            };
        }
        else if (doc.Binary is { } upload && context.ApiDescription.HttpMethod is ("PUT" or "POST"))
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "The file, of any media type.",
                Content = new Dictionary<string, OpenApiMediaType> { [upload] = new() { Schema = BinarySchema() } },
            };
        }
    }

    private static void AddAnswers(OpenApiOperation operation, OperationDoc doc)
    {
        operation.Responses ??= [];

        foreach (var unannounced in operation.Responses.Keys.Where(status => !doc.Answers.ContainsKey(int.Parse(status, CultureInfo.InvariantCulture))).ToArray())
        {
            operation.Responses.Remove(unannounced);
        }

        foreach (var (status, description) in doc.Answers)
        {
            var key = status.ToString(CultureInfo.InvariantCulture);

            if (!operation.Responses.TryGetValue(key, out var known) || known is not OpenApiResponse answer)
            {
                operation.Responses[key] = answer = new OpenApiResponse();
            }

            answer.Description = description;

            if (doc.Binary is { } type && status is (200 or 206))
            {
                answer.Content = new Dictionary<string, OpenApiMediaType> { [type] = new() { Schema = BinarySchema() } };
            }

            foreach (var text in doc.AlsoAs)
            {
                answer.Content ??= new Dictionary<string, OpenApiMediaType>();
                answer.Content[text] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaxTextBytes } };
            }

            foreach (var header in doc.Headers.Where(header => header.Statuses.Contains(status)))
            {
                answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
                answer.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = ParameterDoc.Text() };
            }
        }
    }

    private static void AddProblems(OpenApiOperation operation, OperationDoc doc, IOpenApiSchema schema)
    {
        foreach (var group in doc.Problems.GroupBy(problem => problem.Status))
        {
            operation.Responses![group.Key.ToString(CultureInfo.InvariantCulture)] = Refusal(
                string.Join("; ", group.Select(problem => $"{problem.Title} (`{problem.Word}`)")) + ".",
                schema,
                group.First());
        }

        operation.Responses!["default"] = Refusal("Any other refusal, such as an unknown host name or a fault of the server.", schema, ProblemType.InternalError);
    }

    private static OpenApiResponse Refusal(string description, IOpenApiSchema schema, ProblemType example) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problem.MediaType] = new()
            {
                Schema = schema,
                Example = new JsonObject { ["type"] = example.Urn, ["title"] = example.Title, ["status"] = example.Status },
            },
        },
    };

    /// <summary>Bytes are no JSON, so no keyword of JSON Schema says anything of them; the media type does.</summary>
    private static OpenApiSchema BinarySchema() => new() { Description = "The bytes of the file." };
}
