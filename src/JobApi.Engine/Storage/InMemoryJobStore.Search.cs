using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Searching;

namespace JobApi.Engine.Storage;

public sealed partial class InMemoryJobStore
{
    /// <summary>The most bytes of payloads that one call reads through.</summary>
    private const long MaxSearchedBytes = 8 << 20;

    /// <summary>Takes the candidates under the gate and reads them outside it: snapshots do not change, and nobody waits for a search.</summary>
    private JobPage Search(JobQuery query, SearchQuery text)
    {
        var (candidates, next) = Candidates(query);
        var items = new List<Job>();
        var (searched, bytes, last) = (0L, 0L, long.MaxValue);

        foreach (var job in candidates)
        {
            searched += Math.Min(job.Spec.Payload.Length, SearchText.MaxPayloadBytes);

            if (searched > MaxSearchedBytes)
            {
                return new JobPage(items, last);
            }

            if (text.Matches(SearchText.Of(job)))
            {
                if (items.Count == query.PageSize || bytes >= JobQuery.MaxBytes)
                {
                    return new JobPage(items, last);
                }

                items.Add(job);
                bytes += JobQuery.BytesOf(job);
            }

            last = job.Sequence;
        }

        return new JobPage(items, next);
    }

    private (List<Job> Found, long? Next) Candidates(JobQuery query)
    {
        var filter = query.Filter with { Text = null };
        var found = new List<Job>();
        var (examined, last) = (0, 0L);

        lock (_gate)
        {
            foreach (var stored in _arrivals.Newest(query.Before))
            {
                if (examined++ == JobQuery.MaxExamined)
                {
                    return (found, last);
                }

                if (filter.Matches(stored.Job))
                {
                    found.Add(stored.Job);
                }

                last = stored.Sequence;
            }
        }

        return (found, null);
    }
}
