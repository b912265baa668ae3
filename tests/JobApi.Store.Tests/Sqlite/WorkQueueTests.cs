using JobApi.Sqlite.Writing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What waits for the writer.</summary>
public sealed class WorkQueueTests
{
    [Fact]
    public void There_is_room_for_claims_ends_and_leases_however_many_new_jobs_wait()
    {
        using var queue = new WorkQueue(capacity: 2);

        Assert.True(queue.TryAdd(Some(Urgency.Intake)));
        Assert.True(queue.TryAdd(Some(Urgency.Intake)));
        Assert.False(queue.TryAdd(Some(Urgency.Intake)));
        Assert.True(queue.TryAdd(Some(Urgency.Ordinary)));
        Assert.True(queue.TryAdd(Some(Urgency.Heartbeat)));
        Assert.False(queue.TryAdd(Some(Urgency.Ordinary)));

        var batch = new List<Work>();
        queue.Take(batch, maxIntake: 1, maxChanges: 10);

        Assert.Equal([Urgency.Heartbeat, Urgency.Ordinary, Urgency.Intake], batch.Select(work => work.Urgency));
        Assert.True(queue.TryAdd(Some(Urgency.Intake)));
        Assert.False(queue.TryAdd(Some(Urgency.Intake)));
    }

    private static Work<int> Some(Urgency urgency) => new(() => 0, whenFull: null) { Weight = 1, Urgency = urgency };
}
