using JobApi.Benchmarks.Peers;

namespace JobApi.Benchmarks.Comparing;

/// <summary>One kind of traffic.</summary>
/// <param name="Name">The word that picks it on the command line.</param>
/// <param name="Title">What it is, for the report.</param>
/// <param name="Needs">What a system must be able to do to take part.</param>
/// <param name="Connections">Connections, each with one request at a time.</param>
/// <param name="JobsPerRequest">Jobs that a request submits, on average; 0 when it only reads.</param>
/// <param name="RequestsAsync">Prepares the requests for a system.</param>
internal sealed record Scenario(
    string Name, string Title, Features Needs, int Connections, double JobsPerRequest, Func<RunningSystem, Task<IReadOnlyList<byte[]>>> RequestsAsync)
{
    /// <summary>The one that warms up and fills a server.</summary>
    public const string Usual = "post-64";

    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. Array.ConvertAll([1, 64, 256], connections => new Scenario(
            $"post-{connections}", $"A job per POST, {Count(connections)}", Features.Submit, connections, 1, SquareRequests.PostAsync)),
        .. Array.ConvertAll([100, 1_000], jobs => new Scenario(
            $"bulk-{jobs}", $"Bulk of {jobs:N0} jobs, 8 connections", Features.Bulk, 8, jobs, system => SquareRequests.BulkAsync(system, jobs))),
        new("get-64", "GET of a recent job by id, 64 connections", Features.Read, 64, 0, system => SquareRequests.GetAsync(system, withTag: false)),
        new("get-304-64", "The same with `If-None-Match`: 304, 64 connections", Features.Revalidate, 64, 0, system => SquareRequests.GetAsync(system, withTag: true)),
        new("poll-64", "A POST to five GETs of the newest job, 64 connections", Features.Submit | Features.Read, 64, 1 / 6.0, SquareRequests.PollAsync),
        // Last: who has waited once listens to the end of every job from then on.
        .. Array.ConvertAll([1, 64], connections => new Scenario(
            $"wait-{connections}", $"POST with `Prefer: wait`, {Count(connections)}", Features.Wait, connections, 1, SquareRequests.PostAndWaitAsync)),
    ];

    /// <summary>What is counted: jobs where it submits some, requests where it only reads.</summary>
    public double UnitsPerRequest => JobsPerRequest == 0 ? 1 : JobsPerRequest;

    /// <summary>What that is called.</summary>
    public string Unit => JobsPerRequest > 0 ? "job" : "request";

    /// <summary>Whether only some requests submit a job, so that nobody knows to the job how many did.</summary>
    public bool IsMixed => !double.IsInteger(JobsPerRequest);

    private static string Count(int connections) => connections == 1 ? "1 connection" : $"{connections} connections";
}
