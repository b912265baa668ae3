using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Backups;

/// <summary>What a request for a backup is answered with when none is made.</summary>
public sealed class BackupAnswerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-backups-").FullName;
    private readonly StoreThatIsCopied _store = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_backup_is_made_at_a_time_and_the_next_one_when_it_is_done()
    {
        await using var server = Server();
        var first = server.Api.PostAsync("/admin/backup");
        await _store.Asked;

        var second = await server.Api.PostAsync("/admin/backup");

        second.IsProblem(409, "backup-running");
        Assert.Equal("10", second.Header("Retry-After"));
        _store.Copy.SetResult();
        Assert.Equal(201, (await first).Status);
        Assert.Equal(201, (await server.Api.PostAsync("/admin/backup")).Status);
    }

    [Fact]
    public async Task A_copy_that_fails_is_answered_in_words_leaves_nothing_and_does_not_stand_in_the_way_of_the_next()
    {
        await using var server = Server();
        _store.Copy.SetException(new IOException("the disk said no"));

        var answer = await server.Api.PostAsync("/admin/backup");

        answer.IsProblem(503, "backup-failed");
        Assert.DoesNotContain("the disk said no", answer.Body, StringComparison.Ordinal);
        Assert.Equal("60", answer.Header("Retry-After"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        (await server.Api.PostAsync("/admin/backup")).IsProblem(503, "backup-failed");
    }

    [Fact]
    public async Task A_copy_that_is_given_up_says_why_and_what_to_do()
    {
        await using var server = Server();
        _store.Copy.SetException(new CopyGivenUpException("The log grew."));

        var answer = await server.Api.PostAsync("/admin/backup");

        answer.IsProblem(503, "backup-failed");
        Assert.Equal("The log grew. Ask again when less is written, or allow more.", answer.Text("detail"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Below_the_free_space_floor_none_is_begun()
    {
        await using var server = Server(("JobApi:Disk:MinFreeBytes", "1099511627776"));

        var answer = await server.Api.PostAsync("/admin/backup");

        answer.IsProblem(503, "backup-failed");
        Assert.Contains("short of room", answer.Text("detail"), StringComparison.Ordinal);
        Assert.False(_store.Asked.IsCompleted);
    }

    private ApiFactory Server(params (string Key, string Value)[] settings) => new(
        [("JobApi:Store", "sqlite"), ("JobApi:Backup:Folder", _folder), .. settings], services => services.AddSingleton<IStoreBackup>(_store));

    /// <summary>Copies itself when it is told to, or fails.</summary>
    private sealed class StoreThatIsCopied : IStoreBackup
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public TaskCompletionSource Copy { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<StoreCopy> CopyAsync(string path, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await File.WriteAllTextAsync(path, "a copy", cancellationToken);
            await Copy.Task;
            var nothing = new Dictionary<string, long>();

            return new StoreCopy(new JobCounts { ByState = new Dictionary<JobState, long>(), QueuedByQueue = nothing, QueuedByType = nothing }, []);
        }
    }
}
