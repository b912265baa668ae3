using JobApi.Engine.Storage;

namespace JobApi.Engine.Files;

/// <summary>What became of the wish to delete a file.</summary>
public enum FileDeletion
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>A job names it, or a submission under way does; nothing changed.</summary>
    InUse,

    /// <summary>There is no such file.</summary>
    NotFound,
}

/// <summary>
/// Deletes files that nobody will ask for: older than <see cref="FileStoreOptions.UnusedFileLifetime"/> and named by no job. The
/// files of a job thus live as long as the job, and an upload has that time to find one.
/// </summary>
public sealed class FileCollector(IFileStore files, IJobReader jobs, FileHolds holds, FileStoreOptions options)
{
    /// <summary>Files asked about in one question to the store.</summary>
    public const int BatchSize = 500;

    /// <summary>Deletes one file, unless somebody names it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up before it has begun; once it has begun, a deletion is finished.</param>
    public async Task<FileDeletion> DeleteAsync(Guid file, CancellationToken cancellationToken)
    {
        while (!holds.TryBeginDeletion(file, out var earlier))
        {
            if (earlier is null)
            {
                return FileDeletion.InUse;
            }

            // Then the file is gone, or was in use after all.
            await earlier.WaitAsync(cancellationToken);
        }

        try
        {
            // Asked after it was begun: a submission that comes now waits, and one that came before is stored or holds the file.
            return (await jobs.FilesInUseAsync([file], cancellationToken)).Contains(file) ? FileDeletion.InUse
                : await files.DeleteAsync(file, CancellationToken.None) ? FileDeletion.Deleted
                : FileDeletion.NotFound;
        }
        finally
        {
            holds.EndDeletion(file);
        }
    }

    /// <summary>One round over all files.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the round early; what is deleted stays deleted.</param>
    /// <returns>How many files were deleted.</returns>
    public async Task<int> CollectAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var batch = new List<Guid>(BatchSize);

        await foreach (var file in files.ListAsync(now - options.UnusedFileLifetime, cancellationToken))
        {
            batch.Add(file.Id);

            if (batch.Count == BatchSize)
            {
                deleted += await DeleteUnusedAsync(batch, cancellationToken);
                batch.Clear();
            }
        }

        return deleted + await DeleteUnusedAsync(batch, cancellationToken);
    }

    /// <summary>Those that nobody seems to name are asked about once more, one by one, as they are deleted.</summary>
    private async Task<int> DeleteUnusedAsync(List<Guid> batch, CancellationToken cancellationToken)
    {
        var inUse = await jobs.FilesInUseAsync(batch, cancellationToken);
        var deleted = 0;

        foreach (var id in batch.Where(id => !inUse.Contains(id)))
        {
            deleted += await DeleteAsync(id, cancellationToken) == FileDeletion.Deleted ? 1 : 0;
        }

        return deleted;
    }
}
