using System.Net;
using System.Text;
using JobApi.Testing;
using Xunit;

namespace JobApi.Faults.Disk.Tests;

/// <summary>Uploaded files and a failing disk.</summary>
public sealed class ServerFileCutTests : IDisposable
{
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [ToolTheory(DiskLibrary.Compiler)]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_file_keeps_its_bytes_and_its_name_through_a_power_cut_from_the_201_on(int? seed)
    {
        var stored = new Dictionary<string, string>();

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            for (var file = 0; file < 20; file++)
            {
                var text = string.Concat(Enumerable.Repeat($"file {file} ", 2_000));
                var reply = await server.UploadAsync(Encoding.UTF8.GetBytes(text));
                Assert.Equal(HttpStatusCode.Created, reply.Status);
                stored[reply.Text("id")] = text;
            }

            await server.Process.KillAsync();
        }

        _disk.CutPower(seed is { } some ? new PowerCut.Mixed(some) : new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            foreach (var (id, text) in stored)
            {
                using var response = await server.Http.GetAsync(new Uri($"/files/{id}", UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal(text, await response.Content.ReadAsStringAsync());
            }
        }
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_file_survives_although_a_process_that_died_had_made_its_folders_and_not_flushed_them()
    {
        var shelves = string.Concat(Enumerable.Range(0, 256).Select(shelf => $" folder /store/files/{shelf:x2}"));
        await Probe.RunAsync(_disk, "folder /store folder /store/files" + shelves);
        Reply stored;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            stored = await server.UploadAsync("kept"u8.ToArray());
            await server.Process.KillAsync();
        }

        _disk.CutPower(new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"/files/{stored.Text("id")}")).Status);
        }
    }

    /// <summary>The control: flushing the folder is what keeps the name.</summary>
    [ToolFact(DiskLibrary.Compiler)]
    public async Task A_file_is_lost_when_the_fsync_of_its_folder_is_left_out()
    {
        Reply stored;

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            using var lie = _disk.Arm(DiskFault.LyingSync("/"));
            stored = await server.UploadAsync("gone"u8.ToArray());
            await server.Process.KillAsync();
        }

        _disk.CutPower(new PowerCut.DropUnsynced());

        await using (var server = await DiskServer.StartAsync(_disk))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"/files/{stored.Text("id")}")).Status);
        }
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task What_uploads_left_unfinished_is_cleared_away_at_the_next_start()
    {
        await using (var server = await DiskServer.StartAsync(_disk))
        {
            using var death = _disk.Arm(new DiskFault(DiskCalls.Sync, "/content", DiskAction.Kill));
            await Assert.ThrowsAsync<HttpRequestException>(() => server.UploadAsync(new byte[100_000]));
            await server.Process.WaitForExitAsync();
        }

        Assert.NotEmpty(Contents());

        await using (await DiskServer.StartAsync(_disk))
        {
            Assert.Empty(Contents());
        }
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task An_upload_that_cannot_be_flushed_is_not_stored()
    {
        await using var server = await DiskServer.StartAsync(_disk);

        using (var fault = _disk.Arm(DiskFault.SyncError("/content")))
        {
            var refused = await server.UploadAsync(new byte[10]);
            Assert.Equal(1, fault.Hits);
            Assert.Equal(HttpStatusCode.InternalServerError, refused.Status);
        }

        Assert.Empty(Contents());
        Assert.Equal(HttpStatusCode.Created, (await server.UploadAsync(new byte[10])).Status);
    }

    [ToolFact(DiskLibrary.Compiler)]
    public async Task An_upload_on_a_full_disk_is_refused_and_leaves_nothing()
    {
        await using var server = await DiskServer.StartAsync(_disk);
        _disk.Room = 65_536;

        var refused = await server.UploadAsync(new byte[1_000_000]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("not_accepted", refused.Text("outcome"));
        Assert.Empty(Contents());
        Assert.Equal(65_536, _disk.Room);
    }

    private string[] Contents() => Directory.GetFiles(_disk.Data, "content", SearchOption.AllDirectories);
}
