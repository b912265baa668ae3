using System.Globalization;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Storage.Turns;

/// <summary>
/// What the jobs of a lane have in common: everything that can keep a job from being claimed now. So either the first job of a lane can be claimed,
/// or none of them can, and nobody ever steps over waiting jobs one by one.
/// </summary>
/// <param name="Type">The jobs' type.</param>
/// <param name="Queue">Their queue.</param>
/// <param name="FairnessKey">Whose turn they are.</param>
/// <param name="ConcurrencyKey">What they share with running jobs.</param>
/// <param name="ConcurrencyLimit">How many jobs of that key may run when one of these starts, itself included; 0 without a key.</param>
/// <param name="IsSuspect">Whether they wait to run alone.</param>
public readonly record struct LaneKey(string Type, string Queue, string? FairnessKey, string? ConcurrencyKey, int ConcurrencyLimit, bool IsSuspect)
{
    /// <summary>Whether its jobs have no keys of their own.</summary>
    public bool IsPlain => FairnessKey is null && ConcurrencyKey is null;

    /// <summary>The lane of jobs without keys.</summary>
    public static LaneKey Plain(string type, string queue) => new(type, queue, null, null, 0, IsSuspect: false);

    /// <summary>The lane a job waits in.</summary>
    public static LaneKey Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);

        return new(
            job.Type, job.Queue, job.Spec.FairnessKey, job.Spec.ConcurrencyKey, job.Spec.ConcurrencyKey is null ? 0 : job.Spec.ConcurrencyLimit,
            JobLifecycle.IsSuspect(job));
    }

    /// <summary>
    /// The lane as text, for a store to keep beside a job. It never changes while a job lives, so it says nothing of crashes.
    /// The lengths in front keep any two lanes apart, whatever is in their names.
    /// </summary>
    public string Write()
    {
        var names = string.Create(CultureInfo.InvariantCulture, $"{Type.Length}.{Queue.Length}");
        var keys = IsPlain ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $".{FairnessKey?.Length ?? -1}.{ConcurrencyKey?.Length ?? -1}.{ConcurrencyLimit}");

        return $"{names}{keys}:{Type}{Queue}{FairnessKey}{ConcurrencyKey}";
    }

    /// <summary>The lane that was written.</summary>
    /// <param name="text">What <see cref="Write"/> gave.</param>
    /// <param name="isSuspect">What it does not say.</param>
    public static LaneKey Read(string text, bool isSuspect)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.IndexOf(':', StringComparison.Ordinal);
        var lengths = Array.ConvertAll(text[..end].Split('.'), number => int.Parse(number, CultureInfo.InvariantCulture));
        var at = end + 1;
        var (type, queue) = (Next(lengths[0])!, Next(lengths[1])!);

        return lengths.Length == 2 ? new(type, queue, null, null, 0, isSuspect) : new(type, queue, Next(lengths[2]), Next(lengths[3]), lengths[4], isSuspect);

        string? Next(int length)
        {
            if (length < 0)
            {
                return null;
            }

            var part = text.Substring(at, length);
            at += length;
            return part;
        }
    }
}
