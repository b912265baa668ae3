using System.Net.Http.Headers;
using System.Text;
using JobApi.Tests.Support;

namespace JobApi.Tests.Validation;

/// <summary>What the door for JSON lets through, and what it says about the rest.</summary>
public sealed class StrictJsonTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private static readonly byte[] Good = """{"type":"echo","payload":{"text":"ü😀"}}"""u8.ToArray();

    public static TheoryData<string, string, string> Refused => new()
    {
        { "an empty body", "", "" },
        { "white space only", "  ", "" },
        { "text", "hello", "" },
        { "null", "null", "" },
        { "an array", "[]", "" },
        { "a cut body", """{"type":"echo","payload":{"text":"a""", "/payload/text" },
        { "trailing garbage", """{"type":"echo","payload":{"text":"a"}} x""", "" },
        { "a second value", """{"type":"echo","payload":{"text":"a"}}{}""", "" },
        { "a trailing comma", """{"type":"echo","payload":{"text":"a"},}""", "/payload" },
        { "a comment", """{"type":"echo",/* no */"payload":{"text":"a"}}""", "/type" },
        { "single quotes", "{'type':'echo'}", "" },
        { "NaN", """{"type":"echo","payload":{"number":NaN}}""", "/payload/number" },
        { "an unknown member", """{"type":"echo","payload":{"text":"a"},"colour":"red"}""", "/colour" },
        { "other casing", """{"Type":"echo","payload":{"text":"a"}}""", "/Type" },
        { "a member that no job has", """{"type":"echo","payload":{"text":"a"},"dependsOn":[]}""", "/dependsOn" },
        { "an unknown member inside", """{"type":"echo","payload":{"text":"a"},"backoff":{"factor":2}}""", "/backoff/factor" },
        { "a missing member", """{"type":"echo"}""", "" },
        { "a null required member", """{"type":null,"payload":{"text":"a"}}""", "/type" },
        { "a null payload", """{"type":"echo","payload":null}""", "/payload" },
        { "a member twice", """{"type":"echo","type":"echo","payload":{"text":"a"}}""", "/type" },
        { "a member twice, deep", """{"type":"echo","payload":{"a":[1,{"b~/c":1,"b~/c":2}]}}""", "/payload/a/1/b~0~1c" },
        { "a member twice, once escaped", """{"type":"echo","payload":{"a":1,"\u0061":2}}""", "/payload/a" },
        { "a number as text", """{"type":"echo","payload":{"text":"a"},"priority":"5"}""", "/priority" },
        { "a fraction for a whole number", """{"type":"echo","payload":{"text":"a"},"priority":1.5}""", "/priority" },
        { "a number too large", """{"type":"echo","payload":{"text":"a"},"priority":99999999999}""", "/priority" },
        { "text as a number", """{"type":7,"payload":{"text":"a"}}""", "/type" },
        { "a tag that is no text", """{"type":"echo","payload":{"text":"a"},"tags":{"a":1}}""", "/tags/a" },
        { "a time without an offset", """{"type":"echo","payload":{"text":"a"},"runAt":"2030-01-01T00:00:00"}""", "/runAt" },
        { "a date", """{"type":"echo","payload":{"text":"a"},"runAt":"2030-01-01"}""", "/runAt" },
        { "a time that is no time", """{"type":"echo","payload":{"text":"a"},"runAt":"2030-02-30T00:00:00Z"}""", "/runAt" },
        { "a lone surrogate", """{"type":"echo","payload":{"text":"\ud800"}}""", "/payload/text" },
        { "a lone low surrogate", """{"type":"echo","payload":{"text":"\udc00"}}""", "/payload/text" },
        { "a lone surrogate in a name", """{"type":"echo","payload":{"\ud800":1}}""", "/payload" },
        { "the character U+0000", """{"type":"echo","payload":{"text":"a\u0000"}}""", "/payload/text" },
        { "U+0000 in a name", """{"type":"echo","payload":{"\u0000":1}}""", "/payload" },
        { "a raw control character", "{\"type\":\"echo\",\"payload\":{\"text\":\"a\nb\"}}", "/payload/text" },
        { "a byte order mark", "\ufeff{\"type\":\"echo\",\"payload\":{\"text\":\"a\"}}", "" },
        { "33 levels", $$"""{"type":"echo","payload":{{new string('[', 32)}}{{new string(']', 32)}}}""", "/payload" + string.Concat(Enumerable.Repeat("/0", 30)) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Refuses(string what, string body, string place)
    {
        Assert.NotEmpty(what);
        (await server.Api.PostAsync("/jobs", body)).IsProblem(400, "malformed-json", place);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task Takes_32_levels_as_far_as_the_type_does()
    {
        var deep = $$"""{"type":"echo","payload":{{new string('[', 31)}}{{new string(']', 31)}}}""";

        // The door is passed: what refuses is the type, which wants an object.
        (await server.Api.PostAsync("/jobs", deep)).IsProblem(422, "invalid-job", "/payload");
    }

    [Fact]
    public async Task Refuses_invalid_utf_8()
    {
        var body = Good.ToArray();
        body[Array.IndexOf(body, (byte)0xC3)] = 0xFF;

        (await SendAsync(body, "application/json")).IsProblem(400, "malformed-json", "");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    [InlineData("application/vnd.example+json")]
    public async Task Takes_json_by_its_media_type(string type) => Assert.Equal(202, (await SendAsync(Good, type)).Status);

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("json")]
    public async Task Refuses_every_other_media_type(string? type) => (await SendAsync(Good, type)).IsProblem(415, "unsupported-media-type");

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    public async Task Refuses_encoded_bodies(string encoding) =>
        (await SendAsync(Good, "application/json", ("Content-Encoding", encoding))).IsProblem(415, "unsupported-media-type");

    [Fact]
    public async Task Refuses_a_body_over_the_limit_by_its_length_and_while_it_comes()
    {
        await using var small = new ApiFactory([("JobApi:Http:MaxJsonBytes", "1024")]);
        var body = Encoding.UTF8.GetBytes("{\"type\":\"echo\",\"payload\":{\"text\":\"" + new string('x', 2_000) + "\"}}");

        using var known = Content(body, "application/json");
        (await small.Api.SendAsync(HttpMethod.Post, "/jobs", known)).IsProblem(413, "body-too-large");

        using var chunked = new StreamContent(new Endless()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        (await small.Api.SendAsync(HttpMethod.Post, "/jobs", chunked)).IsProblem(413, "body-too-large");
    }

    private async Task<Answer> SendAsync(byte[] body, string? type, params (string Name, string Value)[] headers)
    {
        using var content = Content(body, type);
        return await server.Api.SendAsync(HttpMethod.Post, "/jobs", content, headers);
    }

    private static ByteArrayContent Content(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);

        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    /// <summary>A body without an end: only a reader that counts stops reading it.</summary>
    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            return buffer.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
