using System.ComponentModel.DataAnnotations;

namespace JobApi.Engine.Execution;

/// <summary>Bounds of one attempt.</summary>
public sealed class ExecutionOptions
{
    /// <summary>
    /// How long a handler may take to stop once its token has fired. After that it is fenced off: its attempt ends without it, its
    /// worker takes the next job, and what it may still return is refused. 0 to 10 minutes. Default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Fenced handlers that still run before <c>/health/live</c> fails. Each keeps its memory, its place of its type and, if it computes or blocks, its thread until it really ends. Of one that never
    /// does, only a new start frees them, so whoever watches the process should restart it. 0 to 10,000. Default 16.
    /// </summary>
    [Range(0, 10_000)]
    public int MaxAbandonedHandlers { get; set; } = 16;

    /// <summary>The most bytes a result may have as JSON; a larger one fails the job for good. 1 KiB to 64 MiB. Default 1 MiB.</summary>
    [Range(1L << 10, 64L << 20)]
    public long MaxResultBytes { get; set; } = 1L << 20;
}
