using System.Text.Json;
using JobApi.Tests.Support;

namespace JobApi.Tests.OpenApi;

/// <summary>The API description says what the server does, all of it, and nothing that is not there.</summary>
public sealed class ApiDescriptionTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task Every_operation_is_described_in_full()
    {
        var operations = await OperationsAsync();

        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count());

        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("description").GetString()!);
            Assert.Single(operation.Value.GetProperty("tags").EnumerateArray());
            Assert.Contains(operation.Value.GetProperty("responses").EnumerateObject(), answer => answer.Name[0] == '2');
            Assert.All(operation.Value.GetProperty("responses").EnumerateObject(), answer => Assert.NotEmpty(answer.Value.GetProperty("description").GetString()!));

            if (operation.Value.TryGetProperty("parameters", out var parameters))
            {
                Assert.All(parameters.EnumerateArray(), parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
            }
        });
    }

    [Fact]
    public async Task Every_refusal_is_described_as_a_problem()
    {
        var refusals = (await OperationsAsync()).Where(operation => !operation.Key.StartsWith("HEAD ", StringComparison.Ordinal)).SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject())
            .Where(answer => answer.Name[0] is '4' or '5' or 'd');

        Assert.All(refusals, refusal => Assert.Equal(
            "#/components/schemas/ProblemResponse",
            refusal.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString()));
    }

    [Fact]
    public async Task It_has_the_operations_of_the_contract_and_no_others() => Assert.Equal(
        [
            "DELETE /files/{id}", "DELETE /jobs/{id}", "GET /files/{id}", "GET /health/live", "GET /health/ready", "GET /job-types", "GET /job-types/{type}",
            "GET /jobs", "GET /jobs/{id}", "GET /jobs/{id}/attempts", "GET /jobs/{id}/logs", "GET /jobs/{id}/result", "GET /metrics", "GET /queues", "GET /queues/{name}", "GET /workers",
            "HEAD /files/{id}", "PATCH /jobs/{id}", "PATCH /queues/{name}", "PATCH /workers", "POST /admin/backup", "POST /files", "POST /jobs", "POST /jobs/bulk", "POST /jobs/cancel", "POST /jobs/delete", "POST /jobs/retry",
            "POST /jobs/{id}/cancel", "POST /jobs/{id}/retry", "POST /queues/{name}/pause", "POST /queues/{name}/resume", "PUT /files",
        ],
        (await OperationsAsync()).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_job_type_can_be_picked_with_its_own_schema_and_an_example_that_is_accepted()
    {
        var document = await DocumentAsync();
        var body = (await OperationsAsync())["POST /jobs"].GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        var schema = body.GetProperty("schema");
        var mapping = schema.GetProperty("discriminator").GetProperty("mapping");
        var types = (await _api.GetAsync("/job-types"))["items"].EnumerateArray().Select(type => type.GetProperty("type").GetString()!).ToArray();

        Assert.Equal("type", schema.GetProperty("discriminator").GetProperty("propertyName").GetString());
        Assert.Equal(types.Length, schema.GetProperty("oneOf").GetArrayLength());
        Assert.Equal(types, body.GetProperty("examples").EnumerateObject().Select(example => example.Name));

        foreach (var type in types)
        {
            var job = Resolve(document, mapping.GetProperty(type).GetString()!);
            var payload = Resolve(document, job.GetProperty("properties").GetProperty("payload").GetProperty("$ref").GetString()!);
            var example = body.GetProperty("examples").GetProperty(type).GetProperty("value").GetRawText();

            Assert.Equal(type, job.GetProperty("properties").GetProperty("type").GetProperty("const").GetString());
            Assert.Equal("object", payload.GetProperty("type").GetString());

            // For later, because it must not run here: accepted, or refused only because the file it names was not uploaded.
            var answer = await _api.PostAsync("/jobs", example.TrimEnd()[..^1] + ",\"delaySeconds\":1000}");
            Assert.True(answer.Status == 202 || answer.Body.Contains("upload it first", StringComparison.Ordinal), answer.Body);
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var document = await DocumentAsync();
        var references = References(document).Distinct().ToArray();

        Assert.All(references, reference => Resolve(document, reference));
        Assert.Equal(
            document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => "#/components/schemas/" + schema.Name).Order(StringComparer.Ordinal),
            references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_that_shows_it_is_served()
    {
        var page = await _api.GetAsync("/swagger/index.html");

        Assert.Equal(200, page.Status);
        Assert.Equal("text/html", page.ContentHeaders.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/v1/swagger.json")]
    [InlineData("/swagger/nothing")]
    public async Task No_other_page_may_show_it_in_a_frame(string path)
    {
        var page = await _api.GetAsync(path);

        Assert.Equal(("frame-ancestors 'none'", "DENY"), (page.Header("Content-Security-Policy"), page.Header("X-Frame-Options")));
    }

    [Fact]
    public async Task A_merge_patch_is_described_where_it_is_taken_and_nothing_that_must_not_be_null_may_be()
    {
        var document = await DocumentAsync();
        var body = (await OperationsAsync())["PATCH /jobs/{id}"].GetProperty("requestBody").GetProperty("content");
        var change = Resolve(document, body.GetProperty("application/merge-patch+json").GetProperty("schema").GetProperty("$ref").GetString()!).GetProperty("properties");

        Assert.Equal(["application/json", "application/merge-patch+json"], body.EnumerateObject().Select(type => type.Name));
        Assert.Equal(("integer", "string", "object"), (TypeOf("priority"), TypeOf("runAt"), TypeOf("tags")));
        Assert.Contains("null", change.GetProperty("tags").GetProperty("additionalProperties").GetProperty("type").ToString(), StringComparison.Ordinal);

        string TypeOf(string member) => change.GetProperty(member).GetProperty("type").ToString();
    }

    [Fact]
    public async Task The_answers_to_a_head_are_described_without_a_body() => Assert.All(
        (await OperationsAsync()).Where(operation => operation.Key.StartsWith("HEAD ", StringComparison.Ordinal)).SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject()),
        answer => Assert.False(answer.Value.TryGetProperty("content", out _), answer.Name));

    private async Task<JsonElement> DocumentAsync() => (await _api.GetAsync("/swagger/v1/swagger.json")).Json;

    private async Task<Dictionary<string, JsonElement>> OperationsAsync() => (await DocumentAsync()).GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
        .ToDictionary(operation => operation.Name, operation => operation.Value);

    private static JsonElement Resolve(JsonElement document, string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member is { Name: "$ref", Value.ValueKind: JsonValueKind.String }
            ? [member.Value.GetString()!]
            : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
