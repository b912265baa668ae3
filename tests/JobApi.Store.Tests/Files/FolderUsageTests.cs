using JobApi.Engine.Files;

namespace JobApi.Store.Tests.Files;

/// <summary>What the count does with what it cannot read.</summary>
public sealed class FolderUsageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobapi-usage-").FullName;

    public static TheoryData<Exception> Troubles => [new IOException("broken"), new UnauthorizedAccessException("closed")];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_shelf_that_cannot_be_read_takes_no_room_and_the_others_are_counted(Exception trouble)
    {
        var broken = new Guid([.. new byte[15], 0x03]);
        Put(broken, 100);
        Put(new Guid([.. new byte[15], 0x05]), 10);

        using var usage = new FolderUsage(_folder, 1_000, shelf => Path.GetFileName(shelf) == "03" ? throw trouble : Directory.EnumerateDirectories(shelf));
        await usage.Counted;

        Assert.Equal(10, usage.Bytes);
        usage.Remove(broken, folder => Directory.Delete(folder, recursive: true));
        Assert.Equal(10, usage.Bytes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Put(Guid id, int bytes)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, FolderFileStore.PlaceOf(id))).FullName;
        File.WriteAllBytes(Path.Combine(folder, FolderFileStore.ContentName), new byte[bytes]);
    }
}
