using System.Diagnostics;
using System.Globalization;
using JobApi.Contracts;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using Microsoft.Extensions.Options;

namespace JobApi.Backups;

/// <summary>What became of a wish for a backup. A closed set.</summary>
internal abstract record BackupResult
{
    private BackupResult()
    {
    }

    public sealed record Made(BackupResponse Backup) : BackupResult;

    public sealed record NotPossible : BackupResult;

    public sealed record Running : BackupResult;

    public sealed record Failed(string Why) : BackupResult;
}

/// <summary>
/// Makes backups while the server works: a copy of the data file as of one moment, then the files that its jobs name, aside; flushed, and renamed
/// into place when it is complete. Files never change, so what is copied after the moment is what was there in it.
/// </summary>
internal sealed partial class BackupMaker(
    IFileStore files, DiskSpace disks, IOptions<FileStoreOptions> fileOptions, IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupMaker> logger,
    IStoreBackup? store = null) : IDisposable
{
    /// <summary>The data file's name within a backup.</summary>
    public const string DataFile = "jobs.db";

    /// <summary>The files' folder within a backup, laid out as the server's own.</summary>
    public const string FilesFolder = "files";

    private const string Draft = ".draft";

    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    /// <param name="cancellationToken">Gives up before it has begun.</param>
    public async Task<BackupResult> MakeAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return new BackupResult.NotPossible();
        }

        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return new BackupResult.Running();
        }

        try
        {
            return disks.IsShortOf(DiskUse.Jobs) ? new BackupResult.Failed("The disk is short of room.") : await MakeAsync(store);
        }
        catch (CopyGivenUpException exception)
        {
            LogFailed(exception);
            return new BackupResult.Failed(exception.Message + " Ask again when less is written, or allow more.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogFailed(exception);
            return new BackupResult.Failed("It could not be written; the server's log says why.");
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<BackupResult> MakeAsync(IStoreBackup source)
    {
        var start = Stopwatch.GetTimestamp();
        var folder = Directory.CreateDirectory(options.Value.Folder).FullName;
        Sweep(folder);
        var name = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N")[..6];
        var draft = Directory.CreateDirectory(Path.Combine(folder, name + Draft)).FullName;

        try
        {
            // No token: once it has begun it is finished, or fails by itself.
            var copy = await source.CopyAsync(Path.Combine(draft, DataFile), CancellationToken.None);
            var fileBytes = await Task.Run(() => copy.Files.Select(id => CopyFile(id, draft)).ToList(), CancellationToken.None);
            DiskSync.Folder(draft);
            var bytes = new FileInfo(Path.Combine(draft, DataFile)).Length + fileBytes.Sum(file => file ?? 0);
            Directory.Move(draft, Path.Combine(folder, name));
            DiskSync.Folder(folder);

            var backup = new BackupResponse(
                name, bytes, Stopwatch.GetElapsedTime(start).TotalMilliseconds, Enum.GetValues<JobState>().ToDictionary(state => state.Word(), state => copy.Counts[state]),
                fileBytes.Count(file => file is not null), fileBytes.Count(file => file is null));
            LogMade(backup.Name, backup.Bytes, backup.DurationMs);

            return new BackupResult.Made(backup);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    /// <summary>A file whose finished job retention took since is no loss to speak of: the answer counts it.</summary>
    private long? CopyFile(Guid id, string draft)
    {
        var place = FolderFileStore.PlaceOf(id);

        try
        {
            return files is FolderFileStore ? FolderCopy.Folder(Path.Combine(fileOptions.Value.Folder, place), Path.Combine(draft, FilesFolder, place)) : null;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a process that died on the way has left.</summary>
    private static void Sweep(string folder)
    {
        foreach (var left in Directory.GetDirectories(folder, "*" + Draft))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "Backup {Name} was made: {Bytes} bytes in {Milliseconds:0} ms")]
    private partial void LogMade(string name, long bytes, double milliseconds);

    [LoggerMessage(LogLevel.Error, "A backup could not be made")]
    private partial void LogFailed(Exception exception);
}
