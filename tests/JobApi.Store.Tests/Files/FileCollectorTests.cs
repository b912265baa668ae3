using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Store.Tests.Files;

public sealed class FileCollectorTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-files-").FullName;
    private readonly FakeTimeProvider _time = new(Jobs.Start);
    private readonly FileHolds _holds = new();
    private readonly FileStoreOptions _options;
    private readonly FolderFileStore _files;
    private readonly InMemoryJobStore _jobs = new(new StoreOptions());

    public FileCollectorTests()
    {
        _options = new FileStoreOptions { Folder = _folder };
        _files = new FolderFileStore(_options, _time);
    }

    [Fact]
    public async Task A_file_no_job_names_goes_after_its_time_and_not_before()
    {
        var file = await SaveAsync();

        Assert.Equal(0, await CollectAsync(Jobs.Start + _options.UnusedFileLifetime));
        Assert.Equal(1, await CollectAsync(Jobs.Start + _options.UnusedFileLifetime + TimeSpan.FromTicks(1)));

        Assert.Null(await _files.FindAsync(file, Token));
    }

    [Fact]
    public async Task A_file_a_job_names_stays_however_old()
    {
        var (named, unnamed) = (await SaveAsync(), await SaveAsync());
        await _jobs.InsertAsync(new InsertRequest([new Submission([Jobs.Spec() with { Files = [named] }])], Jobs.Start), Token);

        Assert.Equal(1, await CollectAsync(Jobs.Start.AddDays(1000)));

        Assert.NotNull(await _files.FindAsync(named, Token));
        Assert.Null(await _files.FindAsync(unnamed, Token));
    }

    [Fact]
    public async Task A_file_that_a_submission_under_way_names_stays_until_it_is_stored_or_refused()
    {
        var file = await SaveAsync();
        var later = Jobs.Start.AddDays(1000);

        using (var submission = _holds.Open())
        {
            await submission.AddAsync(file);
            Assert.Equal(0, await CollectAsync(later));
            Assert.Equal(FileDeletion.InUse, await Collector().DeleteAsync(file, Token));
        }

        Assert.Equal(1, await CollectAsync(later));
        Assert.Equal(FileDeletion.NotFound, await Collector().DeleteAsync(file, Token));
    }

    [Fact]
    public async Task A_submission_waits_for_a_deletion_that_has_begun()
    {
        var file = await SaveAsync();
        var jobs = new AskedReader(_jobs);
        var deleting = new FileCollector(_files, jobs, _holds, _options).DeleteAsync(file, Token);
        await jobs.Asked;

        using var submission = _holds.Open();
        var naming = submission.AddAsync(file).AsTask();
        Assert.False(naming.IsCompleted);
        jobs.Answer();
        await naming;

        Assert.Equal(FileDeletion.Deleted, await deleting);
        Assert.Null(await _files.FindAsync(file, Token));
    }

    [Fact]
    public async Task Of_two_deletions_at_once_the_second_waits_for_the_first_and_finds_nothing()
    {
        var file = await SaveAsync();
        var jobs = new AskedReader(_jobs);
        var first = new FileCollector(_files, jobs, _holds, _options).DeleteAsync(file, Token);
        await jobs.Asked;

        var second = Collector().DeleteAsync(file, Token);
        jobs.Answer();

        Assert.Equal(FileDeletion.Deleted, await first);
        Assert.Equal(FileDeletion.NotFound, await second);
    }

    [Fact]
    public async Task A_file_stays_that_was_named_between_the_look_at_many_and_its_own_deletion()
    {
        var file = await SaveAsync();
        var jobs = new AskedReader(_jobs);
        var collecting = new FileCollector(_files, jobs, _holds, _options).CollectAsync(Jobs.Start.AddDays(1000), Token);
        await jobs.Asked;

        using (var submission = _holds.Open())
        {
            await submission.AddAsync(file);
            await _jobs.InsertAsync(new InsertRequest([new Submission([Jobs.Spec() with { Files = [file] }])], Jobs.Start), Token);
        }

        jobs.Answer();

        Assert.Equal(0, await collecting);
        Assert.NotNull(await _files.FindAsync(file, Token));
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Guid> SaveAsync() =>
        (await _files.SaveAsync(new MemoryStream([1]), new FileDescription(FileDescription.UnknownMediaType), 10, Token)).Id;

    private Task<int> CollectAsync(DateTimeOffset now) => Collector().CollectAsync(now, Token);

    private FileCollector Collector() => new(_files, _jobs, _holds, _options);

    /// <summary>Answers its first question as of the moment it was asked, when it is told to.</summary>
    private sealed class AskedReader(IJobReader jobs) : IJobReader
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Answer() => _answer.SetResult();

        public async ValueTask<IReadOnlySet<Guid>> FilesInUseAsync(IReadOnlyCollection<Guid> files, CancellationToken cancellationToken)
        {
            var inUse = await jobs.FilesInUseAsync(files, cancellationToken);
            _asked.TrySetResult();
            await _answer.Task;

            return inUse;
        }

        public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> IsGoneAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
