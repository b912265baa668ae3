using JobApi.Jobs.Tests.Support;

namespace JobApi.Jobs.Tests.HttpRequest;

public sealed class HttpRequestValidatorTests
{
    [Theory]
    [InlineData("""{"url":"/relative"}""", "/url")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "/url")]
    [InlineData("""{"url":"ftp://example.com/"}""", "/url")]
    [InlineData("""{"url":"https://me:secret@example.com/"}""", "/url")]
    [InlineData("""{"url":"https://example.com/","method":"TRACE"}""", "/method")]
    [InlineData("""{"url":"https://example.com/","method":"CONNECT"}""", "/method")]
    [InlineData("""{"url":"https://example.com/","body":"x"}""", "/body")]
    [InlineData("""{"url":"https://example.com/","headers":{"Host":"other"}}""", "/headers/Host")]
    [InlineData("""{"url":"https://example.com/","headers":{"transfer-encoding":"chunked"}}""", "/headers/transfer-encoding")]
    [InlineData("""{"url":"https://example.com/","headers":{"Content-Length":"1"}}""", "/headers/Content-Length")]
    [InlineData("""{"url":"https://example.com/","headers":{"X-A":"a\r\nX-B: b"}}""", "/headers/X-A")]
    [InlineData("""{"url":"https://example.com/","headers":{"X-A":"ä"}}""", "/headers/X-A")]
    [InlineData("""{"url":"https://example.com/","headers":{"X-A":null}}""", "/headers/X-A")]
    [InlineData("""{"url":"https://example.com/","headers":{"a/b":"c"}}""", "/headers/a~1b")]
    [InlineData("""{"url":"https://example.com/","headers":{"":"c"}}""", "/headers/")]
    [InlineData("""{"url":"https://example.com/","headers":{"X-A":"1","x-a":"2"}}""", "/headers/x-a")]
    [InlineData("""{"url":"https://example.com/","headers":{"Content-Type":"text/csv"}}""", "/headers/Content-Type")]
    public async Task What_is_wrong_is_pointed_at(string json, string location)
    {
        await using var jobs = new JobsFixture();
        Assert.Equal([location], jobs.Check("http-request", json).Select(error => error.Location));
    }

    [Theory]
    [InlineData("""{"url":"https://example.com/"}""")]
    [InlineData("""{"url":"http://example.com:8080/a?b#c","method":"delete","headers":{"X-A":"\ta b"},"saveToFile":true}""")]
    [InlineData("""{"url":"https://example.com/","method":"POST","body":[1],"headers":{"Content-Type":"application/vnd.x+json"}}""")]
    public async Task A_sound_payload_passes(string json)
    {
        await using var jobs = new JobsFixture();
        Assert.Empty(jobs.Check("http-request", json));
    }

    [Fact]
    public async Task Too_many_headers_are_refused_as_a_whole()
    {
        await using var jobs = new JobsFixture();
        var headers = string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"x-{i}\":\"v\""));

        Assert.Equal(["/headers"], jobs.Check("http-request", $"{{\"url\":\"https://example.com/\",\"headers\":{{{headers}}}}}").Select(error => error.Location));
    }
}
