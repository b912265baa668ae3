using System.Text;
using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>Files over a real socket, where the server checks what it sends.</summary>
public sealed class FileProcessTests
{
    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=-0")]
    public async Task A_range_beyond_the_end_is_refused_with_a_problem(string range)
    {
        await using var server = await ServerProcess.StartAsync();
        var api = new Api(server.Client);
        using var content = new ByteArrayContent("hello!"u8.ToArray());
        var file = await api.SendAsync(HttpMethod.Put, "/files", content);

        var answer = await api.GetAsync($"/files/{file.Text("id")}", ("Range", range));

        answer.IsProblem(416, "range-not-satisfiable");
    }

    [Fact]
    public async Task A_media_type_that_no_header_can_carry_is_refused_before_the_file_is_stored()
    {
        await using var server = await ServerProcess.StartAsync();

        var answer = await RawHttp.SendAsync(server.Address, Encoding.UTF8.GetBytes(
            "PUT /files HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain; x=\"\u00fc\"\r\nContent-Length: 2\r\n\r\nhi"));

        Assert.StartsWith("HTTP/1.1 415 ", answer, StringComparison.Ordinal);
    }
}
