using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace JobApi.Engine.Execution;

/// <summary>A job type whose payload, result and handler are known to the compiler.</summary>
internal sealed class HandledJobType<THandler, TPayload, TResult> : JobType
    where THandler : class, IJobHandler<TPayload, TResult>
{
    private static readonly ObjectFactory<THandler> CreateHandler = ActivatorUtilities.CreateFactory<THandler>([]);

    private readonly JsonTypeInfo<TPayload> _payloadJson;
    private readonly JsonTypeInfo<TResult> _resultJson;
    private readonly Func<ReadOnlyMemory<byte>, TPayload> _read;
    private readonly Func<TResult, byte[]> _write;
    private readonly IPayloadValidator<TPayload>? _validator;
    private readonly ResiliencePipeline _resilience;
    private readonly CircuitBreakerStateProvider? _circuit;

    public HandledJobType(string name, JobTypeOptions options, TimeProvider time, IPayloadValidator<TPayload>? validator)
        : base(name, options)
    {
        var json = JobTypeJson.For(options.Json);
        _payloadJson = (JsonTypeInfo<TPayload>)json.GetTypeInfo(typeof(TPayload));
        _resultJson = (JsonTypeInfo<TResult>)json.GetTypeInfo(typeof(TResult));
        (_read, _write) = (Read, result => JsonSerializer.SerializeToUtf8Bytes(result, _resultJson));
        _validator = validator;
        (_resilience, _circuit) = JobTypeResilience.Build(options, time);

        if (options.Example is not (null or TPayload))
        {
            throw new InvalidOperationException(
                $"The example of job type '{name}' is a {options.Example.GetType().Name}, but its handler takes a {typeof(TPayload).Name}.");
        }
    }

    public override JsonNode PayloadSchema
    {
        get
        {
            var schema = JobTypeJson.Schema(_payloadJson);

            if (schema is JsonObject members)
            {
                _validator?.Describe(members);
            }

            return schema;
        }
    }

    public override JsonNode ResultSchema => JobTypeJson.Schema(_resultJson);

    public override JsonNode? Example => Options.Example is TPayload example ? JsonSerializer.SerializeToNode(example, _payloadJson) : null;

    public override CircuitStatus Circuit => _circuit?.CircuitState switch
    {
        null => CircuitStatus.None,
        CircuitState.Closed => CircuitStatus.Closed,
        CircuitState.HalfOpen => CircuitStatus.HalfOpen,
        _ => CircuitStatus.Open,
    };

    public override PayloadCheck Check(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var value = FileReferences.Collect(payload, _read, out var files);
            return new PayloadCheck(_validator is null ? [] : [.. _validator.Validate(value)], files);
        }
        catch (JsonException exception)
        {
            return new PayloadCheck([JobTypeJson.ToError(exception)], []);
        }
    }

    internal override async Task<JobOutcome> InvokeAsync(AttemptServices services, JobContext context, CancellationToken cancellationToken)
    {
        TPayload payload;

        try
        {
            payload = Read(context.Job.Spec.Payload);
        }
        catch (JsonException exception)
        {
            // Possible only when the payload's shape changed between the submission and now: no retry will mend it.
            return Errors.Failed(context.Job, "invalid-payload", "The payload does not fit the job type any more", exception.Message);
        }

        try
        {
            var handler = CreateHandler(services, null);
            services.Handler = handler;

            // Most types have no strategies of their own; calling the handler directly saves them the pipeline's closure.
            var attempt = ReferenceEquals(_resilience, ResiliencePipeline.Empty)
                ? await handler.HandleAsync(payload, context, cancellationToken)
                : await _resilience.ExecuteAsync(
                    static async (state, token) => await state.handler.HandleAsync(state.payload, state.context, token),
                    (handler, payload, context), cancellationToken);

            return ToOutcome(attempt, context.Job);
        }
        catch (BrokenCircuitException exception)
        {
            return new JobOutcome.Parked(WaitingReason.CircuitOpen, exception.RetryAfter ?? RetryPolicy.DefaultParking);
        }
        catch (RateLimiterRejectedException exception)
        {
            return new JobOutcome.Parked(WaitingReason.RateLimit, exception.RetryAfter ?? RetryPolicy.DefaultParking);
        }
    }

    private TPayload Read(ReadOnlyMemory<byte> payload) =>
        JsonSerializer.Deserialize(payload.Span, _payloadJson) ?? throw new JsonException("The payload is null.");

    private JobOutcome ToOutcome(Attempt<TResult>? attempt, Job job) => attempt switch
    {
        { Failure: null } => Succeed(job, attempt.Result!),
        { Failure: Failure.TemporaryFailure no } => new JobOutcome.Retry(Errors.Of(job, no), no.After),
        { Failure: Failure.RateLimitedFailure no } => new JobOutcome.Parked(WaitingReason.RateLimit, no.After),
        { Failure: { } no } => new JobOutcome.Failed(Errors.Of(job, no)),
        null => Errors.Failed(job, "no-result", "The handler returned nothing", $"The handler of '{Name}' returned null instead of a result or a failure."),
    };

    private JobOutcome Succeed(Job job, TResult result)
    {
        try
        {
            var bytes = FileReferences.Collect(result, _write, out var files);
            return new JobOutcome.Succeeded(bytes, files);
        }
#pragma warning disable CA1031 // A number that JSON has no word for, a cycle, a member or a converter of the type's own: whatever it is, the work is done and must not be done again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Errors.Failed(job, "result-not-writable", "The result cannot be written as JSON", Errors.Describe(exception));
        }
    }
}
