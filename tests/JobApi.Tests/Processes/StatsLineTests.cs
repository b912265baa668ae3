using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>The line in the log that says how it goes.</summary>
public sealed class StatsLineTests
{
    [Fact]
    public async Task While_something_happens_the_log_says_how_it_goes()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Workers:MinWorkers=2", "--JobApi:Workers:MaxWorkers=2");
        var api = new Api(server.Client);
        await api.RunAsync("square", """{"number":3}""");
        await api.RunAsync("square", """{"number":4000000000}""");

        var line = await server.LineAsync("processed 1, failed 1, ");

        Assert.Matches(@"StatsLine: processed 1, failed 1, average [\d.]+ ms, active 2, busy 0, queue 0$", line);
    }

    [Fact]
    public async Task One_option_turns_it_off()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Stats:Enabled=false", "--JobApi:Stats:Interval=00:00:00.010");
        await new Api(server.Client).RunAsync("sleep", """{"seconds":0.2}""");

        await server.StopAsync();

        Assert.DoesNotContain(server.Output, line => line.Contains("StatsLine", StringComparison.Ordinal));
    }
}
