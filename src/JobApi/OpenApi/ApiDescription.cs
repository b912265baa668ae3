using JobApi.Contracts;
using JobApi.Guards;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace JobApi.OpenApi;

/// <summary>The API's description and the page that shows it.</summary>
internal static class ApiDescription
{
    public const string Page = "/swagger";

    private const string Words = """
        A job server: submit a job, get an id, read the result by id.

        Start with **Submit a job**: pick a kind of job from the list of examples and send it. Add `Prefer: wait=5` to see the result at once.
        Refusals are problem details (RFC 9457) whose `type` is stable.
        """;

    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen();
        services.AddOptions<SwaggerGenOptions>().Configure<IOptions<HttpOptions>>((options, http) => Configure(options, http.Value.MaxJsonBytes));
    }

    public static void UseApiDescription(this WebApplication app)
    {
        // A branch, so that requests of every other kind do not pass through it.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), Describe);

        app.MapGet("/", () => Results.Redirect(Page)).ExcludeFromDescription();
    }

    private static void Describe(IApplicationBuilder app)
    {
        app.Use(next => context =>
        {
            // In another page's frame, a click on Execute would count as this server's own page.
            context.Response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
            context.Response.Headers.XFrameOptions = "DENY";
            return next(context);
        });

        app.UseSwagger(options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        app.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "JobApi";
            options.SwaggerEndpoint("v1/swagger.json", "JobApi v1");
            options.EnableTryItOutByDefault();
            options.EnableDeepLinking();
            options.DisplayRequestDuration();
            options.DisplayOperationId();
            options.DefaultModelsExpandDepth(0);
        });
    }

    private static void Configure(SwaggerGenOptions options, int maxJsonBytes)
    {
        options.SwaggerDoc("v1", new OpenApiInfo
        {
            Title = "JobApi",
            Version = "v1",
            Description = Words,
            Contact = new OpenApiContact { Name = "Whoever runs this server" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        });

        // HEAD goes without saying wherever GET is; only that of a file is worth a description.
        options.DocInclusionPredicate((_, api) => !HttpMethods.IsHead(api.HttpMethod ?? string.Empty) || api.RelativePath?.StartsWith("files/", StringComparison.Ordinal) == true);

        options.AddServer(new OpenApiServer
        {
            Url = "/",
            Description = "This server: a local one, which listens on this machine only unless somebody told it otherwise.",
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(true) },
        });
        options.IncludeXmlComments(typeof(JobApiJson).Assembly);
        options.SupportNonNullableReferenceTypes();
        options.NonNullableReferenceTypesAsRequired();
        options.MapType<RawJson>(() => new OpenApiSchema { Description = "Any JSON value." });
        options.MapType<NewLimit>(() => new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int32", Minimum = "1", Maximum = "1024" });
        options.OperationFilter<OperationDocFilter>();
        options.OperationFilter<SubmitBodyFilter>();
        options.SchemaFilter<OpenAnswers>();
        options.SchemaFilter<RequestBounds>();
        options.DocumentFilter<AnswerBounds>(maxJsonBytes);
        options.DocumentFilter<TagDocs>();
    }

    /// <summary>Requests are closed, answers are open: a client that refused unknown members would break with every new one.</summary>
    private sealed class OpenAnswers : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            var isRequest = context.Type.Name.EndsWith("Settings", StringComparison.Ordinal) || context.Type.Name.EndsWith("Request", StringComparison.Ordinal);

            if (!isRequest && schema is OpenApiSchema { Properties.Count: > 0 } answer)
            {
                answer.AdditionalPropertiesAllowed = true;
            }
        }
    }

    /// <summary>Says what each group of operations is about.</summary>
    private sealed class TagDocs : IDocumentFilter
    {
        public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context) => swaggerDoc.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Jobs", Description = "Submit, read, cancel, retry and delete jobs." },
            new() { Name = "Files", Description = "Inputs and outputs that are too large for JSON." },
            new() { Name = "Queues", Description = "What waits where; pause, resume and limits." },
            new() { Name = "Job types", Description = "What this server can do." },
            new() { Name = "Workers", Description = "Who does it, and how many." },
            new() { Name = "Metrics", Description = "How it goes." },
            new() { Name = "Admin", Description = "For whoever runs the server." },
            new() { Name = "Health", Description = "For whoever restarts the server and whoever sends it traffic." },
        };
    }
}
