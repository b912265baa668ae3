using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage.Turns;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Tables;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore
{
    private const int FirstLook = 8;

    /// <inheritdoc />
    public ValueTask<int?> PlaceAsync(Job job, int max, CancellationToken cancellationToken) =>
        JobLifecycle.IsSuspect(job) ? ValueTask.FromResult<int?>(null) : _readers.ReadAsync(db => PlaceOf(db, job, max), cancellationToken);

    /// <summary>Plays the turns through from how they stand, on jobs as this reader sees them, until it is the job's turn.</summary>
    private int? PlaceOf(Db db, Job job, int max)
    {
        var looks = new Dictionary<LaneKey, IEnumerator<Place>>();
        return _waiting.Copy(Next, max)?.PlaceOf(job.Sequence, max);

        Place? Next(LaneKey key, DateTimeOffset now)
        {
            if (!looks.TryGetValue(key, out var look))
            {
                looks[key] = look = Look(db, key).GetEnumerator();
            }

            return look.MoveNext() ? look.Current : null;
        }
    }

    /// <summary>The jobs of a lane. Most lanes are not looked far into, so each look begins anew and goes twice as far.</summary>
    private static IEnumerable<Place> Look(Db db, LaneKey key)
    {
        var name = key.Write();

        for (var (seen, max) = (0, FirstLook); seen < max; max *= 2)
        {
            var places = new Queue<Place>();
            LaneRows.Heads(db, key, name, DateTimeOffset.MinValue, max, places);

            foreach (var place in places.Skip(seen))
            {
                seen++;
                yield return place;
            }

            if (seen < max)
            {
                yield break;
            }
        }
    }
}
