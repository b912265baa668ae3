using JobApi.Engine.Storage;
using JobApi.Engine.Storage.Searching;
using JobApi.Sqlite.Database;
using JobApi.Sqlite.Searching;
using JobApi.Sqlite.Tables;
using Microsoft.Data.Sqlite;

namespace JobApi.Sqlite;

public sealed partial class SqliteJobStore : ISearchIndex
{
    // Only the caller of StepAsync touches these two; there is one at a time.
    private long _commitsSeen = -1;
    private bool _isCaughtUp;

    /// <inheritdoc />
    public async Task<IndexStep> StepAsync(CancellationToken cancellationToken)
    {
        var commits = _writer.Commits;
        var isBusy = commits != _commitsSeen && _commitsSeen >= 0;

        if (_search is null || (_isCaughtUp && !isBusy && _search.File is not null))
        {
            return new IndexStep(IsCaughtUp: true, IsBusy: false);
        }

        _commitsSeen = commits;

        try
        {
            // A thread of its own: the pool's are there for requests.
            _isCaughtUp = await Task.Factory.StartNew(_search.Step, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await ForgetChangesAsync(cancellationToken);

            return new IndexStep(_isCaughtUp, isBusy);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException or SqliteStoreException { IsFinal: false })
        {
            _isCaughtUp = false;
            return new IndexStep(IsCaughtUp: false, isBusy, exception);
        }
    }

    /// <inheritdoc />
    public async ValueTask<IndexLag?> LagAsync(CancellationToken cancellationToken) => _search is null ? null : await _readers.ReadAsync(
        db =>
        {
            var known = _search.File?.Position ?? new SearchPosition(0, 0, 0);
            var jobs = Math.Clamp(SearchSource.NewestJob(db) - known.Sequence, 0, SearchSource.Jobs(db));

            return new IndexLag(jobs + Math.Max(SearchSource.NewestChange(db) - known.Change, 0), jobs == 0 ? null : SearchSource.OldestAfter(db, known.Sequence));
        },
        cancellationToken);

    /// <summary>Without an index every word is read where it stands, a short stretch at a time.</summary>
    private JobWalk Walk(Db db, JobFilter filter, long? before, int max, Func<WalkedJob, bool>? isWorthIt = null) => filter.Text is { } text
        ? SearchWalk.Find(db, _search?.File, text, new WalkStretch(filter, max, isWorthIt) { MaxExamined = SearchWalk.MaxExamined }, before)
        : JobWalk.Find(db, new WalkStretch(filter, max, isWorthIt), before);

    /// <summary>Changes that the index knows, a thousand at a time, so that it costs others nothing to speak of.</summary>
    private async Task ForgetChangesAsync(CancellationToken cancellationToken)
    {
        if (_search?.File?.Position.Change is { } known && known - _changesForgotten >= ChangesKept)
        {
            while (await _writer.RunAsync(() => SearchSource.Forget(_db, known, ChangesKept), weight: 1, cancellationToken) == ChangesKept)
            {
            }

            _changesForgotten = known;
        }
    }

    private const int ChangesKept = 1_000;

    private long _changesForgotten;
}
