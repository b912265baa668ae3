using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary>
/// Acts on the jobs a filter finds, page by page, newest first. Each page is a transaction of its own and the work of one call is bounded, so that a filter
/// over millions of jobs never keeps others waiting; the answer says where to go on.
/// </summary>
internal sealed class JobSweep(IJobReader jobs)
{
    /// <summary>The most jobs that one call acts on.</summary>
    private const int MaxJobs = 1_000;

    /// <summary>The most pages that one call reads: each looks at <see cref="JobQuery.MaxExamined"/> jobs at most.</summary>
    private const int MaxPages = 20;

    private const int PageSize = 200;

    /// <param name="filter">Which jobs.</param>
    /// <param name="states">The states in which the action is possible.</param>
    /// <param name="token">Where to go on, and what tokens are bound to.</param>
    /// <param name="act">Acts on some jobs in one transaction.</param>
    /// <param name="cancellationToken">Ends the call between two pages; what is done stays done.</param>
    public async Task<JobActionResponse> RunAsync(
        JobFilter filter, IReadOnlySet<JobState> states, SweepToken token, Func<JobSelection, ValueTask<IReadOnlyList<ControlOutcome>>> act, CancellationToken cancellationToken)
    {
        var meant = filter with { States = filter.States is null ? states : filter.States.Intersect(states).ToHashSet() };
        var (matched, changed, requested) = (0, 0, 0);
        var next = token.From;

        try
        {
            for (var page = 0; page < MaxPages && matched < MaxJobs; page++)
            {
                var found = await jobs.ListAsync(new JobQuery(meant, PageSize, next), cancellationToken);

                if (found.Items.Count > 0)
                {
                    var outcomes = await act(JobSelection.Of([.. found.Items.Select(job => job.Id)]) with { Provided = meant });
                    matched += outcomes.Count(outcome => outcome.Result is not (ControlResult.NotFound or ControlResult.NotMeant));
                    changed += outcomes.Count(outcome => outcome.Result == ControlResult.Done);
                    requested += outcomes.Count(outcome => outcome.Result == ControlResult.Requested);
                }

                next = found.Next;

                if (next is null)
                {
                    break;
                }
            }
        }
        catch (StoreException exception) when (!exception.IsFinal && changed + requested > 0)
        {
            // What is done is told; whoever goes on from here is the first to be refused. Were nothing done, this call would be.
        }

        return new JobActionResponse(matched, changed, requested, next is not null, next is { } from ? token.Write(from) : null);
    }
}

/// <summary>A call's place among those that go through the same jobs.</summary>
/// <param name="From">Where it goes on; from the newest when absent.</param>
/// <param name="Fingerprint">The action and the filters: tokens of other calls are refused.</param>
internal readonly record struct SweepToken(long? From, string Fingerprint)
{
    /// <summary>Null when the token is not one of a call like this.</summary>
    public static SweepToken? Read(string action, JobFilter filter, string? token)
    {
        var fingerprint = $"{action}|{FilterFingerprint.Of(filter)}";

        return token is null ? new SweepToken(null, fingerprint)
            : PageToken.Read(token, fingerprint) is { } from ? new SweepToken(from, fingerprint) : null;
    }

    public string Write(long from) => PageToken.Write(from, Fingerprint);
}
