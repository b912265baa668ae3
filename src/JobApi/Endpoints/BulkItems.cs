using System.Collections;
using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Submission;
using JobApi.Refusals;

namespace JobApi.Endpoints;

/// <summary>
/// What became of the jobs of a bulk, in their order and as it is when this is made. The body of a stored job is put together when it is written and not kept: a thousand of them that wait for
/// their turn are what the garbage collector would have to move.
/// </summary>
internal sealed class BulkItems : IReadOnlyList<BulkItemResponse>
{
    private readonly IReadOnlyList<SubmitResult?> _results;
    private readonly JobResponses _responses;
    private readonly BulkItemResponse?[]? _refusals;

    // All that changes while the answer is written, which takes as long as its reader does.
    private readonly string?[] _workers;

    /// <param name="unreadable">Why the job at a place could not be read; null when it could.</param>
    /// <param name="results">What became of each job; null where it could not be read.</param>
    /// <param name="responses">Words the stored ones.</param>
    public BulkItems(Func<int, Problem?> unreadable, IReadOnlyList<SubmitResult?> results, JobResponses responses)
    {
        (_results, _responses, _workers) = (results, responses, new string?[results.Count]);

        for (var place = 0; place < results.Count; place++)
        {
            if (Stored(results[place]) is { } job)
            {
                _workers[place] = responses.WorkerOf(job);
                Accepted++;
                continue;
            }

            // Made at once and kept: the head of the answer needs its Retry-After, and refusals are few.
            var problem = WhyNot(unreadable(place), results[place])!;
            (_refusals ??= new BulkItemResponse?[results.Count])[place] = new BulkItemResponse(problem.Type.Status, null, problem.ToResponse());
            RetryAfter ??= problem.RetryAfter;
        }
    }

    public int Count => _results.Count;

    /// <summary>How many are stored.</summary>
    public int Accepted { get; }

    /// <summary>After how long the first that found no room may be sent again.</summary>
    public TimeSpan? RetryAfter { get; }

    public BulkItemResponse this[int index] => _refusals?[index] ?? Of(Stored(_results[index])!, _workers[index], _results[index] is SubmitResult.Existing);

    // The current item stays the same until the next is asked for: the serializer may pause in its midst.
    public IEnumerator<BulkItemResponse> GetEnumerator()
    {
        for (var place = 0; place < Count; place++)
        {
            yield return this[place];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Why a job was refused; null when it was not.</summary>
    public static Problem? WhyNot(Problem? unreadable, SubmitResult? result) => unreadable ?? (result is null ? null : SubmitEndpoint.Refuse(result));

    private BulkItemResponse Of(Job job, string? worker, bool isExisting) =>
        new(job.State.IsTerminal() ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, _responses.Of(job, worker), null, isExisting ? true : null);

    private static Job? Stored(SubmitResult? result) => result switch
    {
        SubmitResult.Accepted accepted => accepted.Job,
        SubmitResult.Replayed replayed => replayed.Job,
        SubmitResult.Existing existing => existing.Job,
        _ => null,
    };
}
