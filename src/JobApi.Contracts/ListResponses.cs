namespace JobApi.Contracts;

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Items">The jobs. A short, even an empty page can have a continuation.</param>
/// <param name="NextPageToken">Send it as <c>pageToken</c> to go on; absent on the last page.</param>
public sealed record JobListResponse(IReadOnlyList<JobResponse> Items, string? NextPageToken);

/// <summary>The ended attempts of a job, oldest first.</summary>
/// <param name="Items">At most the latest 100.</param>
public sealed record AttemptListResponse(IReadOnlyList<AttemptResponse> Items);

/// <summary>An ended attempt.</summary>
/// <param name="Number">Counts the starts of the job from 1.</param>
/// <param name="Worker">The worker that ran it; absent when the server died meanwhile.</param>
/// <param name="Node">The server process that ran it.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Outcome">The state the job went to: <c>scheduled</c> and <c>queued</c> mean that another attempt follows.</param>
/// <param name="Waiting">Why the job waited afterwards, such as <c>backoff</c>.</param>
/// <param name="Error">Why the attempt did not succeed.</param>
public sealed record AttemptResponse(
    int Number, string? Worker, string? Node, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Outcome, string? Waiting, JobErrorResponse? Error);

/// <summary>Lines a job wrote, oldest first.</summary>
/// <param name="Items">At most 1,000.</param>
/// <param name="NextAfter">Send it as <c>after</c> to read on from here; absent when there is no line yet.</param>
public sealed record LogListResponse(IReadOnlyList<LogLineResponse> Items, long? NextAfter);

/// <summary>A line a job wrote.</summary>
/// <param name="Number">Counts the lines of the job from 1.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="At">When.</param>
/// <param name="Text">What.</param>
public sealed record LogLineResponse(long Number, int Attempt, DateTimeOffset At, string Text);
