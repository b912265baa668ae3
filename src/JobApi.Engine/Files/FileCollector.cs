using JobApi.Engine.Storage;

namespace JobApi.Engine.Files;

/// <summary>
/// Deletes files that nobody will ask for: older than <see cref="FileStoreOptions.UnusedFileLifetime"/> and named by no job. The
/// files of a job thus live as long as the job, and an upload has that time to find one.
/// </summary>
public sealed class FileCollector(IFileStore files, IJobReader jobs, FileStoreOptions options)
{
    /// <summary>Files asked about in one question to the store.</summary>
    public const int BatchSize = 500;

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

    private async Task<int> DeleteUnusedAsync(List<Guid> batch, CancellationToken cancellationToken)
    {
        var inUse = await jobs.FilesInUseAsync(batch, cancellationToken);
        var deleted = 0;

        foreach (var id in batch.Where(id => !inUse.Contains(id)))
        {
            deleted += await files.DeleteAsync(id, cancellationToken) ? 1 : 0;
        }

        return deleted;
    }
}
