namespace JobApi.Contracts;

/// <summary>What one call did to the jobs a filter found.</summary>
/// <param name="Matched">Jobs that were found, in a state in which they can be acted on.</param>
/// <param name="Changed">Those to which it was done.</param>
/// <param name="Requested">Running jobs that were asked to stop; only for a cancellation.</param>
/// <param name="More">Whether there are jobs that this call has not looked at.</param>
/// <param name="NextPageToken">Send it as <c>pageToken</c> with the same filters to go on; absent when there are no more.</param>
public sealed record JobActionResponse(int Matched, int Changed, int Requested, bool More, string? NextPageToken);
