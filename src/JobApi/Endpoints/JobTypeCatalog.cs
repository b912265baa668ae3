using System.Text;
using System.Text.Json.Nodes;
using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;

namespace JobApi.Endpoints;

/// <summary>The registered job types as they are shown. Schemas are made once, on first use: making one takes milliseconds.</summary>
internal sealed class JobTypeCatalog(HandlerRegistry registry)
{
    private readonly Lazy<Dictionary<string, JobTypeResponse>> _types =
        new(() => registry.All.ToDictionary(type => type.Name, Describe, StringComparer.Ordinal));

    public JobTypeResponse? Find(string name) => registry.Find(name) is { } type ? Now(type) : null;

    public IReadOnlyList<JobTypeResponse> All() => [.. registry.All.Select(Now)];

    /// <summary>All of it is fixed at start but the state of the circuit.</summary>
    private JobTypeResponse Now(JobType type) => _types.Value[type.Name] with { Circuit = type.Circuit.Word() };

    private static JobTypeResponse Describe(JobType type) => new()
    {
        Type = type.Name,
        Description = type.Options.Description,
        PayloadSchema = Raw(type.PayloadSchema),
        ResultSchema = Raw(type.ResultSchema),
        Example = type.Example is { } example ? Raw(example) : null,
        Defaults = new JobTypeDefaults(type.Options.Timeout.TotalSeconds, type.Options.MaxAttempts, Of(type.Options.Backoff)),
        Limits = new JobTypeLimits(type.Options.MaxTimeout.TotalSeconds, type.MaxConcurrency),
        Circuit = type.Circuit.Word(),
        Links = new JobTypeLinks("/job-types/" + type.Name),
    };

    private static BackoffSettings Of(Backoff backoff) => new()
    {
        Kind = backoff.Kind.Word(),
        BaseSeconds = backoff.Base.TotalSeconds,
        MaxSeconds = backoff.Max.TotalSeconds,
    };

    private static RawJson Raw(JsonNode node) => new(Encoding.UTF8.GetBytes(node.ToJsonString()));
}
