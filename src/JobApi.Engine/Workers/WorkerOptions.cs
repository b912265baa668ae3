using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Workers;

/// <summary>The size of the pool, and when it changes. Equal bounds make the fixed pool.</summary>
public sealed class WorkerOptions
{
    /// <summary>The pool never has fewer workers; 1 to 1,024. Default: the number of processors.</summary>
    [Range(1, WorkerPool.MaxSize)]
    public int MinWorkers { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// The pool never has more workers; 1 to 1,024. Default: four for each processor, enough for jobs that mostly wait. Jobs that
    /// compute are held to one for each processor whatever this says.
    /// </summary>
    [Range(1, WorkerPool.MaxSize)]
    public int MaxWorkers { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>The number of claimable jobs that counts as a full queue; 1 to 1,000,000. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int ScaleQueueCapacity { get; set; } = 20;

    /// <summary>The pool grows above this share of <see cref="ScaleQueueCapacity"/>; 0 to 1. Default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double ScaleUpAbove { get; set; } = 0.5;

    /// <summary>The pool shrinks below this share of <see cref="ScaleQueueCapacity"/>; 0 to 1. Default 0.25.</summary>
    [Range(0.0, 1.0)]
    public double ScaleDownBelow { get; set; } = 0.25;

    /// <summary>The least time from a step to a step up; 0 to 1 hour. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ScaleUpCooldown { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The least time from a step to a step down; 0 to 1 hour. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ScaleDownCooldown { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the scaler looks; 10 ms to 1 hour. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ScalerTick { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Workers added or removed in one step; 1 to 1,024. Default 1.</summary>
    [Range(1, WorkerPool.MaxSize)]
    public int ScaleStep { get; set; } = 1;

    /// <summary>How long jobs in hand may go on when the server is asked to stop; 0 to 1 hour. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Settings to change without changing these.</summary>
    internal WorkerOptions Copy() => (WorkerOptions)MemberwiseClone();
}

/// <summary>The rules that span two settings.</summary>
internal sealed class WorkerOptionsRules : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var broken = new List<string>();

        if (options.MinWorkers > options.MaxWorkers)
        {
            broken.Add($"JobApi:Workers:MinWorkers ({options.MinWorkers}) is larger than JobApi:Workers:MaxWorkers ({options.MaxWorkers}).");
        }

        if (options.ScaleDownBelow > options.ScaleUpAbove)
        {
            broken.Add($"JobApi:Workers:ScaleDownBelow ({options.ScaleDownBelow}) is larger than JobApi:Workers:ScaleUpAbove ({options.ScaleUpAbove}); the pool would grow and shrink at once.");
        }

        return broken.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);
    }
}
