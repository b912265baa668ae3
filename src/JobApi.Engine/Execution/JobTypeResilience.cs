using Polly;
using Polly.CircuitBreaker;

namespace JobApi.Engine.Execution;

/// <summary>Builds a job type's pipeline: the strategies that work inside one attempt.</summary>
internal static class JobTypeResilience
{
    public static (ResiliencePipeline Pipeline, CircuitBreakerStateProvider? Circuit) Build(JobTypeOptions options, TimeProvider time)
    {
        if (options.CircuitBreaker is null && options.Resilience is null)
        {
            return (ResiliencePipeline.Empty, null);
        }

        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        CircuitBreakerStateProvider? circuit = null;

        if (options.CircuitBreaker is { } breaker)
        {
            // Outermost: while it is open nothing else of the pipeline runs.
            circuit = breaker.StateProvider ??= new CircuitBreakerStateProvider();
            builder.AddCircuitBreaker(breaker);
        }

        options.Resilience?.Invoke(builder);
        return (builder.Build(), circuit);
    }
}
