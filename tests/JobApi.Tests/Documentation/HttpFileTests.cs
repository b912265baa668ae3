using System.Text.Json;
using System.Text.RegularExpressions;
using JobApi.Testing;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>Every request of every <c>.http</c> file is answered with the status that stands above it, and together they call every operation.</summary>
public sealed class HttpFileTests
{
    public static TheoryData<string> Files => [.. SourceTree.Files("http-requests", "*.http")];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_requests_of_a_file_are_answered_with_the_status_that_stands_above_them(string path)
    {
        await using var server = await ServerProcess.StartAsync();
        var file = HttpFile.Parse(await File.ReadAllTextAsync(SourceTree.At(path)));
        var session = new HttpSession(server.Client, file, server.Address, SourceTree.At("http-requests"));

        foreach (var example in file.Examples)
        {
            var (_, status, body) = await session.SendAsync(example);
            Assert.True(example.Statuses.Contains(status), $"{path}, '{example.Title}': {status} instead of {string.Join(" or ", example.Statuses)}.\n{body}");
        }
    }

    [Fact]
    public async Task Every_operation_of_the_API_is_called_by_some_request()
    {
        await using var server = await ServerProcess.StartAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative)));
        var called = SourceTree.Files("http-requests", "*.http").SelectMany(path => HttpFile.Parse(File.ReadAllText(SourceTree.At(path))).Examples).ToList();

        var operations = (from path in document.RootElement.GetProperty("paths").EnumerateObject()
                          from operation in path.Value.EnumerateObject()
                          select (Method: operation.Name.ToUpperInvariant(), Path: path.Name)).ToList();

        Assert.NotEmpty(operations);
        Assert.All(operations, operation => Assert.Contains(called, example => Calls(example, operation.Method, operation.Path)));
    }

    [Theory]
    [InlineData("GET {{host}}/jobs/{{submit.response.body.$.id}}?wait=5", true)]
    [InlineData("GET {{host}}/jobs", false)]
    [InlineData("GET {{host}}/jobs/1/result", false)]
    [InlineData("POST {{host}}/jobs/1", false)]
    public void A_request_calls_the_operation_whose_method_and_path_it_has(string request, bool calls) =>
        Assert.Equal(calls, Calls(HttpFile.Parse($"### x\n{request}").Examples.Single(), "GET", "/jobs/{id}"));

    [Fact]
    public void A_file_is_read_with_its_names_statuses_variables_headers_and_bodies()
    {
        var file = HttpFile.Parse(
            """
            @host = http://localhost:1
            @type = square

            ### Submit
            // a remark
            # @name submit
            # -> 200 or 202
            POST {{host}}/jobs
            Content-Type: application/json

            {
              "type": "{{type}}"
            }

            ### Upload
            # -> 201
            PUT {{host}}/files

            < ./photo.jpg
            """);

        var (submit, upload) = (file.Examples[0], file.Examples[1]);
        Assert.Equal(("Submit", "submit", "POST", "{{host}}/jobs"), (submit.Title, submit.Name, submit.Method, submit.Url));
        Assert.Equal([200, 202], submit.Statuses);
        Assert.Equal("application/json", submit.Headers["content-type"]);
        Assert.Equal("{\n  \"type\": \"{{type}}\"\n}", submit.Body);
        Assert.Equal(("Upload", null, "./photo.jpg", string.Empty), (upload.Title, upload.Name, upload.BodyFile, upload.Body));

        using var client = new HttpClient();
        Assert.Equal("http://host:9/square", new HttpSession(client, file, new("http://host:9/"), ".").Resolve("{{host}}/{{type}}"));
    }

    // Whatever stands between two slashes, a reference to an earlier answer included, fills one parameter of the path.
    private static bool Calls(HttpExample example, string method, string path)
    {
        var asked = example.Url.Replace("{{host}}", string.Empty, StringComparison.Ordinal).Split('?')[0];

        return example.Method == method && Regex.IsMatch(asked, $"^{Regex.Replace(Regex.Escape(path), @"\\\{[^}]*}", "[^/]+")}$");
    }
}
