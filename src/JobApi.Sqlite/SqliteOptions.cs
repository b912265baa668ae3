using System.ComponentModel.DataAnnotations;

namespace JobApi.Sqlite;

/// <summary>Where the SQLite store keeps its jobs, and how much.</summary>
public sealed class SqliteOptions
{
    /// <summary>The section of these settings within the engine's.</summary>
    public const string Section = "Sqlite";

    /// <summary>The backlog bound (<c>JobApi:MaxBacklog</c>) where nobody set one: jobs wait on the disk, so there may be many.</summary>
    public const long DefaultMaxBacklog = 20_000_000;

    /// <summary>
    /// The data file; a relative path starts in the folder the server is started in. It is made on the first start, together with its folder, and must be
    /// on a local disk. Default <c>data/jobs.db</c>.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data/jobs.db";

    /// <summary>Connections for reading; 1 to 32. Default 4.</summary>
    [Range(1, 32)]
    public int Readers { get; set; } = 4;

    /// <summary>
    /// Bytes kept in a file beside the data file and given up when the disk is full, so that cancels, ends of jobs and deletions still find room;
    /// 0 to 1 GiB, 0 for none. Default 32 MiB.
    /// </summary>
    [Range(0, 1L << 30)]
    public long BallastBytes { get; set; } = 32L << 20;

    /// <summary>The most bytes the data file may take, beyond which submissions are refused as full; at least 1 MiB, no bound when absent.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long? MaxFileBytes { get; set; }

    /// <summary>
    /// Bytes that the write-ahead log may grow to while a backup is made, which keeps it from beginning anew; beyond it the backup is given up and the
    /// log is small again with the next commits. At least 64 MiB. Default 1 GiB.
    /// </summary>
    [Range(64L << 20, long.MaxValue)]
    public long BackupMaxLogBytes { get; set; } = 1L << 30;

    /// <summary>Whether a search index is kept; no setting of the file, but the engine's.</summary>
    internal bool Search { get; set; } = true;

    /// <summary>SQLite's <c>synchronous</c>: a commit waits for the disk. No setting; the fault harness takes it away to see that this is noticed.</summary>
    internal int Synchronous { get; set; } = 2;
}
