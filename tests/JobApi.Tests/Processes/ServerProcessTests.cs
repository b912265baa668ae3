using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>What only a process of its own shows.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task It_starts_answers_and_stops_when_asked()
    {
        await using var server = await ServerProcess.StartAsync();
        var api = new Api(server.Client);

        var ready = await api.GetAsync("/health/ready");
        var page = await api.GetAsync("/swagger/index.html");
        var exitCode = await server.StopAsync();

        Assert.Equal(200, ready.Status);
        Assert.Null(ready.Header("Server"));
        Assert.Equal(200, page.Status);
        Assert.Equal(0, exitCode);
        Assert.All(server.Output, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info \w+: ", line));
        Assert.Contains(server.Output, line => line.Contains("sqlite store (durability: fsync)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_setting_jobs_are_in_a_file_in_a_data_folder_below_the_working_folder()
    {
        await using var server = await ServerProcess.StartAsync();

        var job = await new Api(server.Client).RunAsync("square", """{"number":12}""");

        Assert.Equal("fsync", job.Text("durability"));
        Assert.True(File.Exists(Path.Combine(server.Folder, "data", "jobs.db")));
    }

    [Fact]
    public async Task On_the_memory_store_nothing_is_written_but_files()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Store=memory");

        var job = await new Api(server.Client).RunAsync("square", """{"number":12}""");

        Assert.Equal("memory", job.Text("durability"));
        Assert.Equal(["files"], Directory.GetFileSystemEntries(Path.Combine(server.Folder, "data")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task It_squares()
    {
        await using var server = await ServerProcess.StartAsync();

        var job = await new Api(server.Client).RunAsync("square", """{"number":12}""");

        Assert.Equal(144, job["result.number"].GetInt64());
    }

    [Fact]
    public async Task Requests_are_not_logged_one_by_one()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Stats:Enabled=false");
        var before = server.Output.Count;

        for (var i = 0; i < 20; i++)
        {
            await new Api(server.Client).GetAsync("/nothing");
        }

        Assert.Equal(before, server.Output.Count);
    }
}
