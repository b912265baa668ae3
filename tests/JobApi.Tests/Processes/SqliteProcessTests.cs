using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Processes;

/// <summary>The server on the SQLite store, killed and started again.</summary>
public sealed class SqliteProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_accepted_before_a_kill_is_there_and_goes_on_after_the_next_start()
    {
        string done, running, later;

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);
            Assert.Contains(server.Output, line => line.Contains("sqlite store (durability: fsync)", StringComparison.Ordinal));
            done = (await api.RunAsync("square", """{"number":12}""")).Text("id");
            running = await api.SubmitAsync("sleep", """{"seconds":60}""");
            later = await api.SubmitAsync("square", """{"number":5}""", ""","delaySeconds":3600""");
            await server.KillAsync();
        }

        await using (var server = await StartAsync())
        {
            var api = new Api(server.Client);

            Assert.Equal(144, (await api.GetAsync($"/jobs/{done}"))["result.number"].GetInt64());
            Assert.Equal("scheduled", (await api.GetAsync($"/jobs/{later}")).Text("state"));
            Assert.Equal(1, (await api.GetAsync($"/jobs/{running}"))["crashes"].GetInt32());
            Assert.Equal(0, await server.StopAsync());
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_does_not_start_and_says_why()
    {
        await using var first = await StartAsync();

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_and_the_exit_code_is_one()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "jobs.db"), "not a database");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains("JobApi does not start. The data file", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("not a database", await File.ReadAllTextAsync(Path.Combine(_folder, "jobs.db")));
    }

    [Fact]
    public async Task An_unknown_store_is_refused_by_name()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--JobApi:Store=punchcards"));

        Assert.Contains("JobApi:Store is \"punchcards\"", refusal.Message, StringComparison.Ordinal);
    }

    private Task<ServerProcess> StartAsync() =>
        ServerProcess.StartAsync($"--JobApi:Sqlite:Path={Path.Combine(_folder, "jobs.db")}");
}
