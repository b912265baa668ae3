namespace JobApi.Contracts;

/// <summary>What became of the jobs of a bulk.</summary>
/// <param name="Accepted">How many are stored.</param>
/// <param name="Refused">How many are not; each says why.</param>
/// <param name="Items">One answer for each job, in the order in which they were sent.</param>
public sealed record BulkResponse(int Accepted, int Refused, IReadOnlyList<BulkItemResponse> Items);

/// <summary>What became of one job of a bulk: the answer it would have had alone.</summary>
/// <param name="Status">202: stored; 200: stored before, under the same key, and ended since; otherwise the status of the problem.</param>
/// <param name="Job">The job, when it is stored.</param>
/// <param name="Problem">Why it is not stored. Its places are JSON pointers into the job.</param>
/// <param name="Existing"><c>true</c> when nothing was stored, because <c>job</c> holds the unique key and was asked for in that case.</param>
public sealed record BulkItemResponse(int Status, JobResponse? Job, ProblemResponse? Problem, bool? Existing = null);
