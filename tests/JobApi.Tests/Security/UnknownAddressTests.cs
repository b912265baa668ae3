using JobApi.Engine.Files;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Security;

/// <summary>What nobody wrote an answer for is answered as a problem too.</summary>
public sealed class UnknownAddressTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("/nothing")]
    [InlineData("/jobs/not-an-id")]
    [InlineData("/jobs/0198f000-0000-7000-8000-000000000000/nothing")]
    [InlineData("/jobs//result")]
    public async Task An_unknown_address_is_a_problem(string path) => (await server.Api.GetAsync(path)).IsProblem(404, "not-found");

    [Fact]
    public async Task A_wrong_method_names_the_right_ones()
    {
        var answer = await server.Api.DeleteAsync("/jobs");

        answer.IsProblem(405, "method-not-allowed");
        Assert.Contains("POST", answer.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_of_nothing_has_no_body()
    {
        var answer = await server.Api.SendAsync(HttpMethod.Head, $"/files/{Guid.CreateVersion7()}", null);

        Assert.Equal(404, answer.Status);
        Assert.Empty(answer.Bytes);
    }

    [Fact]
    public async Task A_fault_of_the_server_is_logged_and_tells_the_caller_nothing_of_its_inside()
    {
        await using var broken = new ApiFactory([], services => services.AddSingleton<IFileStore, BrokenFileStore>());

        var answer = (await broken.Api.GetAsync($"/files/{Guid.CreateVersion7()}")).IsProblem(500, "internal-error");

        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.Contains(broken.Errors.Lines, line => line.Contains("secret", StringComparison.Ordinal) && line.Contains(answer.Text("traceId"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_problem_names_the_trace_of_its_caller_and_otherwise_one_of_its_own()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";

        var traced = await server.Api.GetAsync("/nowhere", ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        var first = (await server.Api.GetAsync("/nowhere")).Text("traceId");
        var second = (await server.Api.GetAsync("/nowhere")).Text("traceId");

        Assert.Equal(Trace, traced.Text("traceId"));
        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task The_root_leads_to_the_page_that_explains_the_rest()
    {
        var answer = await server.Api.GetAsync("/");

        Assert.Equal(302, answer.Status);
        Assert.Equal("/swagger", answer.Header("Location"));
    }

    private sealed class BrokenFileStore : IFileStore
    {
        public Task<StoredFile> SaveAsync(Stream content, FileDescription description, long maxBytes, CancellationToken cancellationToken) => throw Fault();

        public ValueTask<StoredFile?> FindAsync(Guid id, CancellationToken cancellationToken) => throw Fault();

        public ValueTask<Stream?> OpenAsync(Guid id, CancellationToken cancellationToken) => throw Fault();

        public ValueTask<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) => throw Fault();

        public IAsyncEnumerable<StoredFile> ListAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken) => AsyncEnumerable.Empty<StoredFile>();

        private static InvalidOperationException Fault() => new("secret");
    }
}
