using System.Collections;
using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;
using JobApi.Refusals;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary>
/// What became of the jobs of a bulk, in their order. The body of a stored job is made when it is written and not kept: a thousand of them that wait for
/// their turn are what the garbage collector would have to move.
/// </summary>
internal sealed class BulkItems : IReadOnlyList<BulkItemResponse>
{
    private readonly IReadOnlyList<SubmitResult?> _results;
    private readonly JobResponses _responses;
    private readonly BulkItemResponse?[]? _refusals;

    public BulkItems(JobReading[] items, IReadOnlyList<SubmitResult?> results, JobResponses responses)
    {
        (_results, _responses) = (results, responses);

        for (var place = 0; place < items.Length; place++)
        {
            if (Stored(results[place]) is not null)
            {
                Accepted++;
                continue;
            }

            // Of which there is one answer only: a problem has the trace of its moment.
            var problem = WhyNot(items[place], results[place])!;
            (_refusals ??= new BulkItemResponse?[items.Length])[place] = new BulkItemResponse(problem.Type.Status, null, problem.ToResponse());
            RetryAfter ??= problem.RetryAfter;
        }
    }

    public int Count => _results.Count;

    /// <summary>How many are stored.</summary>
    public int Accepted { get; }

    /// <summary>When the first that found no room may be sent again.</summary>
    public TimeSpan? RetryAfter { get; }

    public BulkItemResponse this[int index] => _refusals?[index] ?? Of(Stored(_results[index])!, _results[index] is SubmitResult.Existing);

    public IEnumerator<BulkItemResponse> GetEnumerator()
    {
        for (var place = 0; place < Count; place++)
        {
            yield return this[place];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Why a job was refused; null when it was not.</summary>
    public static Problem? WhyNot(JobReading item, SubmitResult? result) => item.Problem ?? (result is null ? null : SubmitEndpoint.Refuse(result));

    private BulkItemResponse Of(Job job, bool isExisting) =>
        new(job.State.IsTerminal() ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, _responses.Of(job), null, isExisting ? true : null);

    private static Job? Stored(SubmitResult? result) => result switch
    {
        SubmitResult.Accepted accepted => accepted.Job,
        SubmitResult.Replayed replayed => replayed.Job,
        SubmitResult.Existing existing => existing.Job,
        _ => null,
    };
}
