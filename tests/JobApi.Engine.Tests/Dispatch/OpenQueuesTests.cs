using JobApi.Engine.Dispatch;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Engine.Tests.Dispatch;

public sealed class OpenQueuesTests
{
    [Fact]
    public async Task A_pause_that_is_lifted_while_the_settings_are_loaded_stays_lifted()
    {
        var queues = new OpenQueues(new Doorbell(TimeProvider.System));
        var paused = new QueueStanding("mail") { IsPaused = true };
        var store = new SettingsReadBefore([paused, paused with { Name = "news" }], () => queues.Changed(new QueueStanding("mail")));

        await queues.LoadAsync(store, CancellationToken.None);

        Assert.Equal(1, queues.PausedOf(new Dictionary<string, long> { ["mail"] = 10, ["news"] = 1 }));
    }

    /// <summary>Somebody changes something between the reading of a page and its arrival.</summary>
    private sealed class SettingsReadBefore(IReadOnlyList<QueueStanding> page, Action change) : IQueueSettings
    {
        public ValueTask<IReadOnlyList<QueueStanding>> ListAsync(QueueQuery query, CancellationToken cancellationToken)
        {
            change();

            return new(page);
        }

        public ValueTask<QueueStanding?> FindAsync(string queue, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<QueueStanding> ChangeAsync(string queue, QueueChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<Obstacle?> FindObstacleAsync(Job job, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
