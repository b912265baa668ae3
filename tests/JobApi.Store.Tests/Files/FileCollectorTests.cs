using JobApi.Engine.Files;
using JobApi.Engine.Storage;
using JobApi.Testing;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Store.Tests.Files;

public sealed class FileCollectorTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-files-").FullName;
    private readonly FakeTimeProvider _time = new(Jobs.Start);
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

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Guid> SaveAsync() =>
        (await _files.SaveAsync(new MemoryStream([1]), new FileDescription(FileDescription.UnknownMediaType), 10, Token)).Id;

    private Task<int> CollectAsync(DateTimeOffset now) => new FileCollector(_files, _jobs, _options).CollectAsync(now, Token);
}
