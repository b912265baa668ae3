using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>The pool of a running server follows its load, and says so in the log and at <c>/workers</c>.</summary>
public sealed class ScalingTests
{
    [Fact]
    public async Task A_burst_grows_the_pool_to_its_maximum_and_a_lull_shrinks_it_to_its_minimum()
    {
        // The textbook's thresholds, at a faster clock.
        await using var server = await ServerProcess.StartAsync(
            "--JobApi:Workers:MinWorkers=1", "--JobApi:Workers:MaxWorkers=4", "--JobApi:Workers:ScalerTick=00:00:00.050",
            "--JobApi:Workers:ScaleUpCooldown=00:00:00.100", "--JobApi:Workers:ScaleDownCooldown=00:00:00.200");
        var api = new Api(server.Client);
        var jobs = new List<string>();

        for (var i = 0; i < 80; i++)
        {
            jobs.Add(await api.SubmitAsync("sleep", """{"seconds":0.1}"""));
        }

        await server.LineAsync("Worker pool 3 -> 4: ");
        Assert.Equal(4, (await api.GetAsync("/metrics"))["activeWorkers"].GetInt32());

        await server.LineAsync("Worker pool 2 -> 1: ");

        foreach (var job in jobs)
        {
            Assert.Equal("succeeded", (await api.GetAsync($"/jobs/{job}?wait=30")).Text("state"));
        }
    }

    [Fact]
    public async Task Resizing_over_http_takes_effect_at_once()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Workers:MinWorkers=1", "--JobApi:Workers:MaxWorkers=1");
        var api = new Api(server.Client);
        var first = await api.SubmitAsync("sleep", """{"seconds":600}""");
        var second = await api.SubmitAsync("sleep", """{"seconds":0}""");
        Assert.Equal("queued", (await api.GetAsync($"/jobs/{second}")).Text("state"));

        Assert.Equal(200, (await api.PatchAsync("/workers", """{"minWorkers":2,"maxWorkers":2}""")).Status);

        Assert.Equal("succeeded", (await api.GetAsync($"/jobs/{second}?wait=30")).Text("state"));
        Assert.Equal("running", (await api.GetAsync($"/jobs/{first}")).Text("state"));
    }
}
