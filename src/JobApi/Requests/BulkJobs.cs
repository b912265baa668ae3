using System.Collections;
using JobApi.Engine.Submission;
using JobApi.Refusals;

namespace JobApi.Requests;

/// <summary>
/// The jobs of a bulk, in their order; null keeps the place of one that could not be read. They can be gone through once: each is read
/// when it is asked for and not kept, and the memory they came in is given back behind the last.
/// </summary>
internal sealed class BulkJobs(PooledBody body, IReadOnlyList<Range> ranges, JobReader reader, string? traceParent) : IReadOnlyCollection<JobDraft?>
{
    private Problem?[]? _problems;

    public int Count => ranges.Count;

    /// <summary>Why a job could not be read; null when it could, or was not asked for yet.</summary>
    public Problem? Problem(int place) => _problems?[place];

    public IEnumerator<JobDraft?> GetEnumerator()
    {
        using (body)
        {
            for (var place = 0; place < Count; place++)
            {
                var reading = reader.Read(body.Bytes[ranges[place]], traceParent);

                if (reading.Problem is { } problem)
                {
                    (_problems ??= new Problem?[Count])[place] = problem;
                }

                yield return reading.Draft;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
