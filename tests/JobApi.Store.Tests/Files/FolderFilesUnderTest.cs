using JobApi.Engine.Files;
using JobApi.Store.Tests.Contract;

namespace JobApi.Store.Tests.Files;

public sealed class FolderFilesUnderTest : IFilesUnderTest
{
    private FolderFileStore? _files;

    public string Folder { get; } = Directory.CreateTempSubdirectory("jobapi-files-").FullName;

    public IFileStore Files => _files!;

    public Task OpenAsync(TimeProvider time)
    {
        _files = new FolderFileStore(new FileStoreOptions { Folder = Folder }, time);

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _files?.Dispose();
        Directory.Delete(Folder, recursive: true);

        return ValueTask.CompletedTask;
    }
}

public sealed class FolderFileStoreContractTests : FileStoreContract<FolderFilesUnderTest>;
