using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class HeadTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Theory]
    [InlineData("/jobs")]
    [InlineData("/metrics")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/job-types")]
    [InlineData("/job-types/echo")]
    [InlineData("/workers")]
    public async Task What_can_be_read_can_be_asked_for_its_headers(string path) => Assert.Equal(200, (await HeadAsync(path)).Status);

    [Fact]
    public async Task The_headers_of_a_job_are_those_of_its_body()
    {
        var id = (await _api.RunAsync("echo", """{"text":"h"}""")).Text("id");

        Assert.Equal((await _api.GetAsync("/jobs/" + id)).Header("ETag"), (await HeadAsync("/jobs/" + id)).Header("ETag"));
        Assert.Equal(404, (await HeadAsync("/jobs/" + Guid.CreateVersion7())).Status);
    }

    [Fact]
    public async Task Other_methods_are_still_refused() => (await _api.PostAsync("/health/live")).IsProblem(405, "method-not-allowed");

    private Task<Answer> HeadAsync(string path) => _api.SendAsync(HttpMethod.Head, path, null);
}
