using JobApi.Sqlite.Writing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What waits for the writer.</summary>
public sealed class WorkQueueTests : IDisposable
{
    private const int Others = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly WorkQueue _queue = new(capacity: 2, new Patience(TimeSpan.FromHours(1), TimeSpan.FromHours(1)));

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void There_is_room_for_claims_ends_and_leases_however_many_new_jobs_wait()
    {
        Assert.True(_queue.TryAdd(Some(Urgency.Intake)));
        Assert.True(_queue.TryAdd(Some(Urgency.Intake)));
        Assert.False(_queue.TryAdd(Some(Urgency.Intake)));
        Assert.True(_queue.TryAdd(Some(Urgency.Ordinary)));
        Assert.True(_queue.TryAdd(Some(Urgency.Heartbeat)));
        Assert.False(_queue.TryAdd(Some(Urgency.Ordinary)));

        Assert.Equal([Urgency.Heartbeat, Urgency.Ordinary, Urgency.Intake], Take(maxIntake: 1).Select(work => work.Urgency));
        Assert.True(_queue.TryAdd(Some(Urgency.Intake)));
        Assert.False(_queue.TryAdd(Some(Urgency.Intake)));
    }

    [Fact]
    public async Task New_jobs_that_cost_less_later_wait_until_they_do_and_hold_up_nothing_else()
    {
        var isBetterLater = true;
        using var asked = new SemaphoreSlim(0);
        var held = Some(Urgency.Intake, _ =>
        {
            asked.Release();
            return Volatile.Read(ref isBetterLater);
        });
        var behindWasAsked = false;
        var behind = Some(Urgency.Intake, _ =>
        {
            Volatile.Write(ref behindWasAsked, true);
            return false;
        });
        _queue.TryAdd(held);
        _queue.TryAdd(behind);
        var end = Some(Urgency.Ordinary);
        _queue.TryAdd(end);

        Assert.Equal([end], Take());
        Assert.True(await asked.WaitAsync(Limit));

        var taken = Task.Run(() => Take());
        Assert.True(await asked.WaitAsync(Limit));
        _queue.LookAgain();
        Assert.True(await asked.WaitAsync(Limit));
        Assert.False(taken.IsCompleted);
        Assert.False(Volatile.Read(ref behindWasAsked));

        Volatile.Write(ref isBetterLater, false);
        _queue.LookAgain();
        Assert.Equal([held, behind], await taken);
    }

    [Fact]
    public void What_is_taken_first_counts()
    {
        var before = new List<int>();
        var first = Some(Urgency.Intake, Note, weight: 5);
        _queue.TryAdd(first);
        _queue.TryAdd(Some(Urgency.Intake, Note));

        Assert.Equal([first], Take());
        Assert.Equal([0, 5], before);

        bool Note(int weight)
        {
            before.Add(weight);
            return weight > 0;
        }
    }

    [Fact]
    public void New_jobs_are_taken_when_their_patience_is_over()
    {
        using var queue = new WorkQueue(capacity: 2, new Patience(TimeSpan.Zero, TimeSpan.Zero));
        var held = Some(Urgency.Intake, _ => true);
        queue.TryAdd(held);

        var batch = new List<Work>();
        queue.Take(batch, 10, 10);

        Assert.Equal([held], batch);
    }

    [Theory]
    [InlineData(nameof(Urgency.Intake))]
    [InlineData(nameof(Urgency.Ordinary))]
    public async Task Patience_ends_by_itself(string urgency)
    {
        using var queue = new WorkQueue(capacity: 2, new Patience(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)));
        var (held, batch) = (Some(Enum.Parse<Urgency>(urgency), _ => true), new List<Work>());
        queue.TryAdd(held);

        await Task.Run(() => queue.Take(batch, 10, 10)).WaitAsync(Limit);

        Assert.Equal([held], batch);
    }

    [Fact]
    public async Task The_first_of_the_new_jobs_is_not_asked_again_because_others_come()
    {
        using var queue = new WorkQueue(capacity: 1 + Others, new Patience(TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        using var asked = new SemaphoreSlim(0);
        using var askedBeside = new SemaphoreSlim(0);
        var batch = new List<Work>();
        queue.TryAdd(Held(asked));
        _queue.TryAdd(Held(askedBeside));
        var taking = Task.Run(() => queue.Take(batch, 1 + Others, maxChanges: 10));
        var besides = Task.Run(() => Take());
        Assert.True(await asked.WaitAsync(Limit));
        Assert.True(await askedBeside.WaitAsync(Limit));

        for (var other = 0; other < Others; other++)
        {
            Assert.True(queue.TryAdd(Some(Urgency.Intake)));

            // Nothing says that nobody was woken. But a thread that waits for the same at another queue is woken now, and asks: who had been woken before it would have asked as well, if not every time.
            _queue.LookAgain();
            Assert.True(await askedBeside.WaitAsync(Limit));
        }

        queue.LookAgain();
        Assert.True(await asked.WaitAsync(Limit));
        Assert.Equal(0, asked.CurrentCount);

        queue.Close(new ObjectDisposedException("store"));
        _queue.Close(new ObjectDisposedException("store"));
        await Task.WhenAll(taking, besides).WaitAsync(Limit);
        Assert.Equal(1 + Others, batch.Count);

        static Work Held(SemaphoreSlim asked) => Some(Urgency.Intake, _ =>
        {
            asked.Release();
            return true;
        });
    }

    [Fact]
    public async Task What_is_left_of_a_millisecond_is_waited_for_and_not_asked_away()
    {
        using var queue = new WorkQueue(capacity: 2, new Patience(TimeSpan.FromMilliseconds(2), TimeSpan.Zero));
        var asked = 0;
        queue.TryAdd(Some(Urgency.Intake, _ => ++asked > 0));

        await Task.Run(() => queue.Take([], 10, 10)).WaitAsync(Limit);

        Assert.InRange(asked, 0, 10);
    }

    [Theory]
    [InlineData(nameof(Urgency.Intake))]
    [InlineData(nameof(Urgency.Ordinary))]
    [InlineData(nameof(Urgency.Heartbeat))]
    public async Task What_is_better_later_and_comes_alone_is_taken_with_what_comes_next(string next)
    {
        using var asked = new SemaphoreSlim(0);
        var alone = Some(Urgency.Ordinary, _ =>
        {
            asked.Release();
            return true;
        });
        _queue.TryAdd(alone);
        var taken = Task.Run(() => Take());
        Assert.True(await asked.WaitAsync(Limit));
        Assert.False(taken.IsCompleted);

        var company = Some(Enum.Parse<Urgency>(next));
        _queue.TryAdd(company);

        Assert.Equal([alone, company], (await taken.WaitAsync(Limit)).OrderBy(work => work == company));
    }

    [Fact]
    public async Task What_is_better_later_does_not_wait_beside_new_jobs_that_wait()
    {
        var (end, jobs) = (Some(Urgency.Ordinary, _ => true), Some(Urgency.Intake, _ => true));
        _queue.TryAdd(jobs);
        _queue.TryAdd(end);

        Assert.Equal([end], await Task.Run(() => Take()).WaitAsync(Limit));
    }

    [Theory]
    [InlineData(nameof(Urgency.Intake))]
    [InlineData(nameof(Urgency.Ordinary))]
    public async Task A_closed_queue_holds_nothing_back(string urgency)
    {
        var held = Some(Enum.Parse<Urgency>(urgency), _ => true);
        _queue.TryAdd(held);
        _queue.Close(new ObjectDisposedException("store"));

        Assert.Equal([held], await Task.Run(() => Take()).WaitAsync(Limit));
        Assert.Empty(Take());
    }

    [Fact]
    public void A_change_of_mind_in_the_last_moment_is_no_empty_batch()
    {
        var asked = 0;
        var held = Some(Urgency.Intake, _ => asked++ > 0);
        _queue.TryAdd(held);

        Assert.Equal([held], Take());
    }

    private List<Work> Take(int maxIntake = 10)
    {
        var batch = new List<Work>();
        _queue.Take(batch, maxIntake, maxChanges: 10);

        return batch;
    }

    private static Work<int> Some(Urgency urgency, Func<int, bool>? isBetterLater = null, int weight = 1) =>
        new(() => 0, whenFull: null) { Weight = weight, Urgency = urgency, IsBetterLater = isBetterLater };
}
