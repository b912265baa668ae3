using System.Security.Cryptography;
using JobApi.Tests.Support;

namespace JobApi.Tests.Files;

public sealed class FileTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private static readonly byte[] Photo = [.. Enumerable.Range(0, 5_000).Select(i => (byte)i)];

    private readonly Api _api = server.Api;

    [Theory]
    [InlineData("PUT", false)]
    [InlineData("POST", true)]
    public async Task A_file_comes_back_as_it_went_in(string method, bool chunked)
    {
        var stored = await UploadAsync("/files?name=photo.jpg", "image/jpeg", method, chunked);
        var read = await _api.GetAsync(stored.Text("links.self"));

        Assert.Equal(201, stored.Status);
        Assert.Equal(stored.Text("links.self"), stored.Header("Location"));
        Assert.Equal(5_000, stored["bytes"].GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Photo)), stored.Text("sha256"));
        Assert.Equal("photo.jpg", stored.Text("name"));
        Assert.Equal(Photo, read.Bytes);
        Assert.Equal("image/jpeg", read.Header("Content-Type"));
        Assert.Equal($"\"{stored.Text("sha256")}\"", read.Header("ETag"));
    }

    [Fact]
    public async Task A_download_cannot_run_in_a_browser()
    {
        var stored = await UploadAsync("/files?name=page.html", "text/html");

        var read = await _api.GetAsync(stored.Text("links.self"));

        Assert.StartsWith("attachment", read.Header("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("nosniff", read.Header("X-Content-Type-Options"));
        Assert.StartsWith("sandbox", read.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_all_files_take_what_they_may_an_upload_is_not_accepted_and_what_is_deleted_makes_room(bool chunked)
    {
        await using var small = new ApiFactory([("JobApi:Files:MaxTotalBytes", "6000"), ("JobApi:Files:MaxFileBytes", "6000")]);
        var first = await UploadAsync(small.Api, "/files", "image/jpeg", "PUT", chunked);

        var second = await UploadAsync(small.Api, "/files", "image/jpeg", "PUT", chunked);

        second.IsProblem(503, "not-accepted");
        Assert.Equal("not_accepted", second.Text("outcome"));
        Assert.Equal("60", second.Header("Retry-After"));
        Assert.Equal(204, (await small.Api.DeleteAsync(first.Text("links.self"))).Status);
        Assert.Equal(201, (await UploadAsync(small.Api, "/files", "image/jpeg", "PUT", chunked)).Status);
    }

    [Fact]
    public async Task Ranges_are_served()
    {
        var path = (await UploadAsync("/files", "image/jpeg")).Text("links.self");

        var part = await _api.GetAsync(path, ("Range", "bytes=10-19"));

        Assert.Equal(206, part.Status);
        Assert.Equal(Photo[10..20], part.Bytes);
        Assert.Equal("bytes 10-19/5000", part.Header("Content-Range"));
        (await _api.GetAsync(path, ("Range", "bytes=9999-"))).IsProblem(416, "range-not-satisfiable");
    }

    [Fact]
    public async Task What_the_caller_has_is_not_sent_again()
    {
        var stored = await UploadAsync("/files", "image/jpeg");

        var answer = await _api.GetAsync(stored.Text("links.self"), ("If-None-Match", $"\"{stored.Text("sha256")}\""));

        Assert.Equal(304, answer.Status);
        Assert.Empty(answer.Bytes);
    }

    [Theory]
    [InlineData("If-Match", "\"other\"")]
    [InlineData("If-Unmodified-Since", "Wed, 01 Jan 2020 00:00:00 GMT")]
    public async Task A_download_whose_condition_does_not_hold_is_refused_as_a_problem(string name, string condition)
    {
        var stored = await UploadAsync("/files", "image/jpeg");
        var path = stored.Text("links.self");

        var read = await _api.GetAsync(path, (name, condition));
        var head = await _api.SendAsync(HttpMethod.Head, path, null, (name, condition));

        read.IsProblem(412, "precondition-failed");
        Assert.Equal($"\"{stored.Text("sha256")}\"", read.Header("ETag"));
        Assert.Equal((412, 0), (head.Status, head.Bytes.Length));
        Assert.Equal(Photo, (await _api.GetAsync(path, ("If-Match", $"\"{stored.Text("sha256")}\""))).Bytes);
    }

    [Fact]
    public async Task A_head_tells_the_length_without_the_content()
    {
        var answer = await _api.SendAsync(HttpMethod.Head, (await UploadAsync("/files", "image/jpeg")).Text("links.self"), null);

        Assert.Equal(200, answer.Status);
        Assert.Equal("5000", answer.Header("Content-Length"));
        Assert.Empty(answer.Bytes);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\photos\\cat.jpg", "cat.jpg")]
    [InlineData("ca\r\nt.jpg", "cat.jpg")]
    [InlineData("größe.jpg", "größe.jpg")]
    [InlineData("..", null)]
    [InlineData("folder/", null)]
    public async Task A_name_is_never_a_path(string given, string? kept)
    {
        var stored = await UploadAsync("/files?name=" + Uri.EscapeDataString(given), "image/jpeg");

        Assert.Equal(kept, stored.Has("name") ? stored.Text("name") : null);
        Assert.Equal(200, (await _api.GetAsync(stored.Text("links.self"))).Status);
    }

    [Theory]
    [InlineData("attachment; filename=\"photo.jpg\"", "photo.jpg")]
    [InlineData("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.jpg", "größe.jpg")]
    [InlineData("nonsense;;;", null)]
    public async Task A_name_may_come_in_a_header(string header, string? kept)
    {
        using var content = Content("image/jpeg");
        content.Headers.TryAddWithoutValidation("Content-Disposition", header);

        var stored = await _api.SendAsync(HttpMethod.Put, "/files", content);

        Assert.Equal(kept, stored.Has("name") ? stored.Text("name") : null);
    }

    [Theory]
    [InlineData(null, "application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded", "application/octet-stream")]
    [InlineData("text/plain; charset=utf-8", "text/plain; charset=utf-8")]
    public async Task A_media_type_is_repeated_and_not_believed(string? type, string kept) =>
        Assert.Equal(kept, (await UploadAsync("/files", type)).Text("mediaType"));

    [Theory]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    [InlineData("image/*")]
    public async Task A_body_that_is_no_file_is_refused(string type) => (await UploadAsync("/files", type)).IsProblem(415, "unsupported-media-type");

    [Fact]
    public async Task An_encoded_body_and_a_long_name_are_refused()
    {
        using var content = Content("image/jpeg");
        content.Headers.ContentEncoding.Add("gzip");

        (await _api.SendAsync(HttpMethod.Put, "/files", content)).IsProblem(415, "unsupported-media-type");
        (await UploadAsync("/files?name=" + new string('n', 256), "image/jpeg")).IsProblem(400, "invalid-request", "?name");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_over_the_limit_is_refused(bool chunked)
    {
        await using var small = new ApiFactory([("JobApi:Files:MaxFileBytes", "4096")]);
        using var content = Content("image/jpeg", chunked);

        (await small.Api.SendAsync(HttpMethod.Put, "/files", content)).IsProblem(413, "body-too-large");
    }

    [Fact]
    public async Task A_file_that_a_job_names_stays()
    {
        var file = (await UploadAsync("/files", "image/jpeg")).Text("id");
        var job = (await _api.RunAsync("file", $$"""{"file":"{{file}}"}""")).Text("id");

        (await _api.DeleteAsync("/files/" + file)).IsProblem(409, "file-in-use");
        await _api.DeleteAsync("/jobs/" + job);

        Assert.Equal(204, (await _api.DeleteAsync("/files/" + file)).Status);
        (await _api.DeleteAsync("/files/" + file)).IsProblem(404, "file-not-found");
        (await _api.GetAsync("/files/" + file)).IsProblem(404, "file-not-found");
    }

    private Task<Answer> UploadAsync(string path, string? type, string method = "PUT", bool chunked = false) => UploadAsync(_api, path, type, method, chunked);

    private static async Task<Answer> UploadAsync(Api api, string path, string? type, string method, bool chunked)
    {
        using var content = Content(type, chunked);
        return await api.SendAsync(new HttpMethod(method), path, content);
    }

    private static HttpContent Content(string? type, bool chunked = false)
    {
        HttpContent content = chunked ? new StreamContent(new WithoutLength(Photo)) : new ByteArrayContent(Photo);

        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }

    private sealed class WithoutLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
