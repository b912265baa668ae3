using System.Text.Json.Nodes;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Execution;

/// <summary>A registered job type: what the outside sees of it, and how an attempt is made.</summary>
public abstract class JobType
{
    private protected JobType(string name, JobTypeOptions options)
    {
        Name = name;
        Options = options;
        MaxConcurrency = options.MaxConcurrency ?? (options.IsCpuBound ? Environment.ProcessorCount : null);
    }

    /// <summary>The word callers use.</summary>
    public string Name { get; }

    /// <summary>Its defaults and limits.</summary>
    public JobTypeOptions Options { get; }

    /// <summary>How many of its jobs one node runs at a time; not limited when null.</summary>
    public int? MaxConcurrency { get; }

    /// <summary>JSON Schema (draft 2020-12) of the payload. A fresh copy.</summary>
    public abstract JsonNode PayloadSchema { get; }

    /// <summary>JSON Schema (draft 2020-12) of the result. A fresh copy.</summary>
    public abstract JsonNode ResultSchema { get; }

    /// <summary>A payload that works as it stands, if the type gives one. A fresh copy.</summary>
    public abstract JsonNode? Example { get; }

    /// <summary>Whether the circuit breaker of the type lets attempts through.</summary>
    public abstract CircuitStatus Circuit { get; }

    /// <summary>Reads a payload, applies the type's rules and says which files it names.</summary>
    public abstract PayloadCheck Check(ReadOnlyMemory<byte> payload);

    /// <summary>
    /// Makes one attempt: reads the payload, runs the handler through the type's resilience pipeline, writes the result. Throws what the handler threw and nothing else; the handler is left to
    /// <paramref name="services"/> to dispose of.
    /// </summary>
    internal abstract Task<JobOutcome> InvokeAsync(AttemptServices services, JobContext context, CancellationToken cancellationToken);
}

/// <summary>The state of a job type's circuit breaker.</summary>
public enum CircuitStatus
{
    /// <summary>The type has no circuit breaker.</summary>
    None,

    /// <summary>Attempts pass.</summary>
    Closed,

    /// <summary>Attempts are turned away.</summary>
    Open,

    /// <summary>One attempt tries whether the fault has passed.</summary>
    HalfOpen,
}

/// <summary>What a look at a payload found.</summary>
/// <param name="Errors">What is wrong with it; empty when it is valid.</param>
/// <param name="Files">The stored files it names.</param>
public sealed record PayloadCheck(IReadOnlyList<PayloadError> Errors, IReadOnlyList<Guid> Files)
{
    /// <summary>Whether the payload may be accepted.</summary>
    public bool IsValid => Errors.Count == 0;
}
