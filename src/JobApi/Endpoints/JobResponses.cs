using JobApi.Contracts;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Workers;

namespace JobApi.Endpoints;

/// <summary>Words a job for the wire. What the store does not keep (who runs it, why it waits) is added here.</summary>
internal sealed class JobResponses(HandlerRegistry types, WorkerPool pool, StoreTraits store)
{
    private readonly string _durability = store.Durability.Word();

    public static string PathOf(Guid id) => $"/jobs/{id}";

    /// <param name="job">The job.</param>
    /// <param name="forecast">What is to be expected of it, where somebody looked.</param>
    public JobResponse Of(Job job, Forecast forecast = default) => Of(job, WorkerOf(job), forecast);

    /// <summary>Who has the job in hand now, or ended its latest attempt.</summary>
    public string? WorkerOf(Job job) => job.State == JobState.Running ? pool.WorkerOf(job.Id) : job.Worker;

    /// <param name="job">The job.</param>
    /// <param name="worker">Who runs or last ran it.</param>
    /// <param name="forecast">What is to be expected of it, where somebody looked.</param>
    public JobResponse Of(Job job, string? worker, Forecast forecast = default)
    {
        var self = PathOf(job.Id);

        return new JobResponse
        {
            Id = job.Id,
            Type = job.Type,
            State = job.State.Word(),
            Done = job.State.IsTerminal(),
            Queue = job.Queue,
            Priority = job.Spec.Priority,
            FairnessKey = job.Spec.FairnessKey,
            ConcurrencyKey = job.Spec.ConcurrencyKey,
            ConcurrencyLimit = job.Spec.ConcurrencyKey is null ? null : job.Spec.ConcurrencyLimit,
            Payload = new RawJson(job.Spec.Payload),
            Result = job.Result is { } result ? new RawJson(result) : null,
            Error = Of(job.Error),
            Progress = job.Progress is { } progress ? new JobProgressResponse(progress.Percent, progress.Message, progress.UpdatedAt) : null,
            Attempt = job.Attempt,
            Failures = job.Failures,
            Crashes = job.Crashes,
            MaxAttempts = job.Spec.MaxAttempts,
            Worker = worker,
            CreatedAt = job.Spec.CreatedAt,
            RunAt = job.RunAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            DurationMs = job.Duration?.TotalMilliseconds,
            CancelRequestedAt = job.CancelRequestedAt,
            CancelReason = job.CancelReason,
            Cancellation = Cancellation(job),
            ExpiresAt = job.Spec.ExpiresAt,
            Tags = job.Spec.Tags,
            Waiting = Waiting(job, forecast),
            Durability = _durability,
            Version = job.Version,
            Links = new JobLinks(self, self + "/result", self + "/cancel"),
        };
    }

    public static AttemptResponse Of(AttemptRecord attempt) => new(
        attempt.Number, attempt.Worker, attempt.Node, attempt.StartedAt, attempt.EndedAt, attempt.To.Word(), attempt.Waiting?.Word(), Of(attempt.Error));

    public static LogLineResponse Of(LogLine line) => new(line.Number, line.Attempt, line.At, line.Text);

    private static JobErrorResponse? Of(JobError? error) =>
        error is null ? null : new JobErrorResponse(error.Type, error.Title, error.Detail, error.Attempt);

    /// <summary>
    /// Jobs whose cancellation was asked for before it was recorded by whom say so. An end whose instant was taken before the request's, and written after it, took no time.
    /// </summary>
    private static CancellationResponse? Cancellation(Job job) => job.CancelRequestedAt is not { } requestedAt ? null : new CancellationResponse(
        job.CanceledBy?.By ?? "unknown", job.CanceledBy?.Address, job.CancelReason, requestedAt, job.FinishedAt is { } finishedAt ? Math.Max(0, (finishedAt - requestedAt).TotalMilliseconds) : null);

    private WaitingResponse? Waiting(Job job, Forecast forecast)
    {
        WaitingReason? reason = job.State switch
        {
            JobState.Queued => types.Names.Contains(job.Type) ? forecast.Obstacle?.Reason ?? WaitingReason.Queue : WaitingReason.NoWorker,
            JobState.Scheduled => job.Waiting ?? WaitingReason.Schedule,
            _ => null,
        };

        return reason is { } known ? new WaitingResponse(known.Word(), Explain(known, job, forecast.Obstacle), forecast.Position, forecast.StartAt) : null;
    }

    private static string Explain(WaitingReason reason, Job job, Obstacle? obstacle) => reason switch
    {
        WaitingReason.Queue when JobLifecycle.IsSuspect(job) => "It runs alone after two crashes of its process, so it waits until nothing else runs.",
        WaitingReason.Queue => "It is due and waits for a worker.",
        WaitingReason.Schedule => "Its start time has not come.",
        WaitingReason.Backoff => $"Attempt {job.Attempt} failed; the next one follows after a pause.",
        WaitingReason.RateLimit => "A rate limit is used up; it goes on when there is room again.",
        WaitingReason.CircuitOpen => $"Jobs of type '{job.Type}' keep failing, so they pause.",
        WaitingReason.TypeLimit => $"As many jobs of type '{job.Type}' run as are allowed to.",
        WaitingReason.Paused => $"Queue '{job.Queue}' is paused; it goes on when somebody resumes it.",
        WaitingReason.QueueLimit => $"{obstacle?.Running} jobs of queue '{job.Queue}' run, and {obstacle?.Limit} may.",
        WaitingReason.ConcurrencyKey => $"{obstacle?.Running} jobs of concurrency key '{job.Spec.ConcurrencyKey}' run, and {obstacle?.Limit} may when this one starts.",
        _ => $"No handler for '{job.Type}' is registered on this server.",
    };
}
