using System.Text;

namespace JobApi.Engine.Lifecycle;

/// <summary>
/// What a job is charged against every bound of bytes. It is arithmetic over the snapshot, so that all stores come to the same sum and none
/// ever has to count: texts by their UTF-8 bytes, and for everything that has a size of its own a fixed sum, rounded up from what was measured.
/// </summary>
public static class JobSize
{
    /// <summary>A job without anything: its snapshot, its rows, its places in the indexes.</summary>
    public const int Overhead = 1_024;

    /// <summary>The record of an ended attempt, without its error.</summary>
    public const int AttemptOverhead = 192;

    /// <summary>A log line without its text.</summary>
    public const int LineOverhead = 128;

    /// <summary>An idempotency key without its text.</summary>
    public const int KeyOverhead = 448;

    /// <summary>All that is kept of a job.</summary>
    public static long Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Of(job.Spec) + (job.Result?.Length ?? 0) + Of(job.Error) + job.HistoryBytes;
    }

    /// <summary>A job that has just been submitted.</summary>
    public static long Of(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var bytes = (long)Overhead + spec.Payload.Length;

        if (spec.Tags.Count > 0)
        {
            foreach (var (name, value) in spec.Tags)
            {
                bytes += TextBytes(name) + TextBytes(value);
            }
        }

        return bytes;
    }

    /// <summary>The record of an attempt that ended like this.</summary>
    public static long OfAttempt(JobError? error) => AttemptOverhead + Of(error);

    /// <summary>A line of a job's log.</summary>
    public static long OfLine(string text) => LineOverhead + TextBytes(text);

    /// <summary>An idempotency key, however many jobs came with it.</summary>
    public static long OfKey(string value) => KeyOverhead + TextBytes(value);

    private static long Of(JobError? error) => error is null ? 0 : TextBytes(error.Type) + TextBytes(error.Title) + TextBytes(error.Detail);

    private static int TextBytes(string text) => Encoding.UTF8.GetByteCount(text);
}
