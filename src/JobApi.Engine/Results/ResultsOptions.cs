using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Results;

/// <summary>Bounds of the cache of recent jobs, and of those who wait for one.</summary>
public sealed class ResultsOptions
{
    /// <summary>
    /// Jobs kept for quick reading; 0 to 10,000,000. Default 2,000. Others are read from the store: a request takes a quarter longer on SQLite. A larger cache costs every job, as its
    /// jobs live just long enough for the collector to move them: with 10,000 it took twice the time under load.
    /// </summary>
    [Range(0, 10_000_000)]
    public int MaxJobs { get; set; } = 2_000;

    /// <summary>Bytes they may take, as <see cref="Lifecycle.JobSize"/> charges them; 0 to 64 GiB. Default 64 MiB.</summary>
    [Range(0, 64L << 30)]
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>Requests that wait for a job at the same time; who comes beyond is answered at once. 0 to 1,000,000. Default 10,000.</summary>
    [Range(0, 1_000_000)]
    public int MaxWaiters { get; set; } = 10_000;
}
