using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobApi.Tests.Storage;

/// <summary>Which store the server works on, and what follows from the choice.</summary>
public sealed class StoreChoiceTests
{
    [Theory]
    [InlineData("memory", "memory", 100_000)]
    [InlineData("sqlite", "fsync", 20_000_000)]
    public async Task The_durability_and_the_bound_on_the_backlog_are_those_of_the_store(string store, string durability, long backlog)
    {
        await using var server = new ApiFactory([("JobApi:Store", store)]);

        var job = await server.Api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"a"}}""");

        Assert.Equal((202, durability), (job.Status, job.Text("durability")));
        Assert.Equal(backlog, MaxBacklogOf(server));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("sqlite")]
    public async Task A_bound_that_somebody_set_is_kept_on_every_store(string store)
    {
        await using var server = new ApiFactory([("JobApi:Store", store), ("JobApi:MaxBacklog", "7")]);

        Assert.Equal(7, MaxBacklogOf(server));
    }

    private static long MaxBacklogOf(ApiFactory server) => server.Services.GetRequiredService<IOptions<StoreOptions>>().Value.MaxBacklog;
}
