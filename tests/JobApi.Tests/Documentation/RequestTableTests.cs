using System.Text.RegularExpressions;
using JobApi.Tests.Architecture;
using JobApi.Tests.Support;

namespace JobApi.Tests.Documentation;

/// <summary>The README's table of requests is the API.</summary>
public sealed partial class RequestTableTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task The_table_lists_every_operation_of_the_API_once_and_nothing_else()
    {
        var document = (await _api.GetAsync("/swagger/v1/swagger.json")).Json;
        var operations = (from path in document.GetProperty("paths").EnumerateObject()
                          from operation in path.Value.EnumerateObject()
                          select $"{operation.Name.ToUpperInvariant()} {path.Name}").Order(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(operations);
        Assert.Equal(operations, Requests(QuickStart.Section(await File.ReadAllTextAsync(SourceTree.At("README.md")), "The API")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_first_column_of_a_row_names_the_requests() => Assert.Equal(
        ["GET /jobs", "HEAD /jobs", "POST /jobs/{id}/cancel"],
        Requests("See `GET /docs`.\n\n| request | what it does |\n|---|---|\n| `GET /jobs`, `HEAD /jobs` | as `GET /files` |\n| `POST /jobs/{id}/cancel` | cancels |\n| `square` | squares |"));

    private static IEnumerable<string> Requests(string section) =>
        from line in section.Split('\n')
        where line.StartsWith("| ", StringComparison.Ordinal)
        from request in Request().Matches(line.Split('|')[1])
        select request.Groups["request"].Value;

    [GeneratedRegex("`(?<request>(?:GET|HEAD|POST|PUT|PATCH|DELETE) /[^`\\s]*)`")]
    private static partial Regex Request();
}
