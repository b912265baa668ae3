using System.ComponentModel.DataAnnotations;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Upkeep;

/// <summary>How long finished jobs are kept. A job's own <c>retentionSeconds</c> goes before the ages; the bytes bound them all.</summary>
public sealed class RetentionOptions
{
    /// <summary>The longest age: 10 years.</summary>
    internal const string MaxAge = "3650.00:00:00";

    /// <summary>The largest bound: 1 TiB.</summary>
    internal const long MostBytes = 1L << 40;

    /// <summary>For jobs that succeeded; 0 to 10 years. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", MaxAge)]
    public TimeSpan Succeeded { get; set; } = RetentionPolicy.Default.Succeeded;

    /// <summary>For jobs that failed; 0 to 10 years. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", MaxAge)]
    public TimeSpan Failed { get; set; } = RetentionPolicy.Default.Failed;

    /// <summary>For jobs that were canceled; 0 to 10 years. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", MaxAge)]
    public TimeSpan Canceled { get; set; } = RetentionPolicy.Default.Canceled;

    /// <summary>
    /// The most bytes that finished jobs keep, as <see cref="JobSize"/> charges them; beyond it those that ended first go. 0 to 1 TiB. Default 256 MiB.
    /// </summary>
    [Range(0, MostBytes)]
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>The part of <see cref="MaxBytes"/> that jobs may keep which succeeded, so that they do not push out those that failed; 0 to 1 TiB. All of it when absent.</summary>
    [Range(0, MostBytes)]
    public long? MaxSucceededBytes { get; set; }

    /// <summary>The part that jobs may keep which failed; 0 to 1 TiB. All of it when absent.</summary>
    [Range(0, MostBytes)]
    public long? MaxFailedBytes { get; set; }

    /// <summary>The part that jobs may keep which were canceled; 0 to 1 TiB. All of it when absent.</summary>
    [Range(0, MostBytes)]
    public long? MaxCanceledBytes { get; set; }

    /// <summary>The pause between two rounds; 10 ms to 1 day. Default 10 s. While jobs keep coming a round gives way to them, for half of it and 5 s at the most, on a store that writes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Job types that are kept by a rule of their own, by name. What a rule does not say is as above.</summary>
    public IDictionary<string, TypeRetentionOptions> Types { get; } = new Dictionary<string, TypeRetentionOptions>(StringComparer.Ordinal);

    internal RetentionPolicy ToPolicy() => new(Succeeded, Failed, Canceled)
    {
        ByType = Types.ToDictionary(
            type => type.Key,
            type => new RetentionPolicy(type.Value.Succeeded ?? Succeeded, type.Value.Failed ?? Failed, type.Value.Canceled ?? Canceled),
            StringComparer.Ordinal),
    };

    /// <summary>The narrow bounds first: what goes because of them need not go because of the wide ones.</summary>
    internal IReadOnlyList<ByteBound> ToBounds()
    {
        var ownStates = Types.SelectMany(type => ByState(type.Value.MaxSucceededBytes, type.Value.MaxFailedBytes, type.Value.MaxCanceledBytes, type.Key));
        var own = Types.Where(type => type.Value.MaxBytes is not null).Select(type => new ByteBound(type.Value.MaxBytes!.Value, type.Key));

        return [.. ownStates, .. own, .. ByState(MaxSucceededBytes, MaxFailedBytes, MaxCanceledBytes, type: null), new ByteBound(MaxBytes)];
    }

    private static IEnumerable<ByteBound> ByState(long? succeeded, long? failed, long? canceled, string? type)
    {
        (long? Bytes, JobState State)[] bounds = [(succeeded, JobState.Succeeded), (failed, JobState.Failed), (canceled, JobState.Canceled)];

        return bounds.Where(bound => bound.Bytes is not null).Select(bound => new ByteBound(bound.Bytes!.Value, type, bound.State));
    }
}

/// <summary>How long finished jobs of one type are kept, where it differs from the others.</summary>
public sealed class TypeRetentionOptions
{
    /// <summary>For its jobs that succeeded; 0 to 10 years. The general age when absent.</summary>
    [Range(typeof(TimeSpan), "00:00:00", RetentionOptions.MaxAge)]
    public TimeSpan? Succeeded { get; set; }

    /// <summary>For its jobs that failed; 0 to 10 years. The general age when absent.</summary>
    [Range(typeof(TimeSpan), "00:00:00", RetentionOptions.MaxAge)]
    public TimeSpan? Failed { get; set; }

    /// <summary>For its jobs that were canceled; 0 to 10 years. The general age when absent.</summary>
    [Range(typeof(TimeSpan), "00:00:00", RetentionOptions.MaxAge)]
    public TimeSpan? Canceled { get; set; }

    /// <summary>The most bytes its finished jobs keep; 0 to 1 TiB. No bound of its own when absent.</summary>
    [Range(0, RetentionOptions.MostBytes)]
    public long? MaxBytes { get; set; }

    /// <summary>The most bytes its jobs keep which succeeded; 0 to 1 TiB. No bound of its own when absent.</summary>
    [Range(0, RetentionOptions.MostBytes)]
    public long? MaxSucceededBytes { get; set; }

    /// <summary>The most bytes its jobs keep which failed; 0 to 1 TiB. No bound of its own when absent.</summary>
    [Range(0, RetentionOptions.MostBytes)]
    public long? MaxFailedBytes { get; set; }

    /// <summary>The most bytes its jobs keep which were canceled; 0 to 1 TiB. No bound of its own when absent.</summary>
    [Range(0, RetentionOptions.MostBytes)]
    public long? MaxCanceledBytes { get; set; }
}
