using System.Text.Json.Serialization.Metadata;
using JobApi.Engine.Lifecycle;
using Polly;
using Polly.CircuitBreaker;

namespace JobApi.Engine.Execution;

/// <summary>What a job type is and how its jobs run unless the caller says otherwise. Every member has a default.</summary>
public sealed class JobTypeOptions
{
    /// <summary>What the type does, for the people who pick it.</summary>
    public string Description { get; set; } = string.Empty;

    /// <summary>A payload that works as it stands; shown in the API's documentation. Must be of the handler's payload type.</summary>
    public object? Example { get; set; }

    /// <summary>How to read payloads and write results; reflection when absent. Give a source-generated context to avoid it.</summary>
    public IJsonTypeInfoResolver? Json { get; set; }

    /// <summary>How long one attempt may take when the caller does not say. Default 5 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest timeout a caller may ask for. Default 1 hour.</summary>
    public TimeSpan MaxTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Failures until the job is given up when the caller does not say. Default 4.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The pause between attempts when the caller does not say.</summary>
    public Backoff Backoff { get; set; } = Backoff.Default;

    /// <summary>
    /// How many jobs of this type one node runs at a time; not limited when absent, unless the type is
    /// <see cref="IsCpuBound"/>, which limits it to the number of processors.
    /// </summary>
    public int? MaxConcurrency { get; set; }

    /// <summary>
    /// The handler computes and does not await. It runs on a thread of its own, so that neither health answers nor other
    /// jobs wait behind it, and no more run at a time than there are processors.
    /// </summary>
    public bool IsCpuBound { get; set; }

    /// <summary>
    /// The handler waits without awaiting (a blocking driver, a native call). It runs on a thread of its own, without the
    /// processor limit.
    /// </summary>
    public bool IsBlocking { get; set; }

    /// <summary>
    /// Stops trying while the type's attempts keep throwing. A job that an open circuit turns away is parked, not failed; the
    /// state of the circuit is shown with the job type. None when absent.
    /// </summary>
    public CircuitBreakerStrategyOptions? CircuitBreaker { get; set; }

    /// <summary>
    /// Adds further strategies that run inside an attempt and are shared by all attempts of the type, such as a rate limiter or
    /// one quick retry. A job that the limiter turns away is parked, not failed.
    /// </summary>
    public Action<ResiliencePipelineBuilder>? Resilience { get; set; }

    /// <summary>Refuses what no job could run with.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other; the message names them and their values.</exception>
    internal void Validate(string type)
    {
        var broken = this switch
        {
            { Timeout: var timeout } when timeout <= TimeSpan.Zero => $"Timeout ({timeout}) is not positive",
            { Timeout: var timeout, MaxTimeout: var max } when timeout > max => $"Timeout ({timeout}) is longer than MaxTimeout ({max})",
            { MaxAttempts: < 1 and var attempts } => $"MaxAttempts ({attempts}) is less than 1",
            { MaxConcurrency: < 1 and var concurrency } => $"MaxConcurrency ({concurrency}) is less than 1",
            { Backoff: { Base: var pause } } when pause < TimeSpan.Zero => $"Backoff.Base ({pause}) is negative",
            { Backoff: { Base: var pause, Max: var max } } when pause > max => $"Backoff.Base ({pause}) is longer than Backoff.Max ({max})",
            _ => null,
        };

        if (broken is not null)
        {
            throw new ArgumentException($"The options of job type '{type}' make no sense: {broken}.", nameof(type));
        }
    }
}
