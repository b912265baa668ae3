using JobApi.Testing;
using JobApi.Tests.Support;

namespace JobApi.Tests.Backups;

/// <summary>A backup made under load, and a server that starts from it.</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task Every_job_that_was_acknowledged_before_the_backup_is_in_a_server_that_starts_from_it()
    {
        await using var server = await ServerProcess.StartAsync("--JobApi:Stats:Enabled=false");
        var api = new Api(server.Client);
        using var content = new ByteArrayContent("hello"u8.ToArray());
        var file = (await api.SendAsync(HttpMethod.Put, "/files", content)).Text("id");
        var naming = await api.SubmitAsync("image-resize", $$"""{"file":"{{file}}","width":10}""", ""","delaySeconds":3600""");
        var ended = (await api.RunAsync("square", """{"number":12}""")).Text("id");
        using var stop = new CancellationTokenSource();
        var acknowledged = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var load = Enumerable.Range(0, 8).Select(_ => SubmitUntilAsync(api, acknowledged, stop.Token)).ToList();
        await ReachAsync(acknowledged, 200);

        string[] before = [naming, ended, .. acknowledged.ToArray()];
        var backup = await api.PostAsync("/admin/backup");
        await ReachAsync(acknowledged, acknowledged.Count + 50);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await server.KillAsync();

        Assert.True(backup.Status == 201, backup.Body);
        Assert.Equal((1, 0), (backup["files"].GetInt32(), backup["missingFiles"].GetInt32()));
        var folder = Path.Combine(server.Folder, "data", "backups", backup.Text("name"));
        Assert.Equal(["files", "jobs.db"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        await using var restored = await ServerProcess.StartAsync("--restore", folder, "--JobApi:Stats:Enabled=false");
        var later = new Api(restored.Client);

        foreach (var id in before)
        {
            Assert.Equal(200, (await later.GetAsync($"/jobs/{id}")).Status);
        }

        Assert.Equal(144, (await later.GetAsync($"/jobs/{ended}"))["result.number"].GetInt64());
        Assert.Equal("hello", (await later.GetAsync($"/files/{file}")).Body);
    }

    [Fact]
    public async Task A_backup_is_not_restored_over_a_data_file()
    {
        await using var server = await ServerProcess.StartAsync();
        var name = (await new Api(server.Client).PostAsync("/admin/backup")).Text("name");
        var folder = Path.Combine(server.Folder, "data", "backups", name);

        var target = Path.Combine(server.Folder, "data", "jobs.db");
        await server.StopAsync();
        var bytes = await File.ReadAllBytesAsync(target);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--restore", folder, $"--JobApi:Sqlite:Path={target}"));

        Assert.Contains("a backup is not restored over it", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target));
    }

    [Fact]
    public async Task A_backup_that_is_not_there_is_no_reason_to_start_with_an_empty_store()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--restore", "yesterday"));

        Assert.Contains("There is no backup yesterday", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_memory_store_says_that_it_cannot_be_backed_up()
    {
        await using var server = new ApiFactory();

        (await server.Api.PostAsync("/admin/backup")).IsProblem(501, "backup-not-possible");
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_make_backups()
    {
        await using var server = new ApiFactory([("JobApi:Store", "sqlite")]);

        (await server.Api.PostAsync("/admin/backup", null, ("Origin", "https://evil.example"))).IsProblem(403, "foreign-origin");
    }

    private static async Task SubmitUntilAsync(Api api, System.Collections.Concurrent.ConcurrentQueue<string> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            acknowledged.Enqueue(await api.SubmitAsync("square", """{"number":3}"""));
        }
    }

    private static async Task ReachAsync(System.Collections.Concurrent.ConcurrentQueue<string> acknowledged, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        while (acknowledged.Count < count)
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
