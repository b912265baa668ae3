using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Sqlite;
using JobApi.Sqlite.Database;
using JobApi.Testing;
using Microsoft.Data.Sqlite;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>What callers hear of the writer when the disk has no room, or another program holds the file: that nothing was stored, and what was stored before.</summary>
public sealed class RefusedWriteTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task On_a_full_disk_what_was_stored_under_a_key_is_answered_although_others_in_the_transaction_are_refused()
    {
        using var gate = new Gate();
        var isFull = false;
        using var store = _folder.Open(beforeCommit: () =>
        {
            if (Volatile.Read(ref isFull))
            {
                throw new SqliteException("database or disk is full", 13);
            }

            gate.Pass();
        });
        var (key, other) = (new IdempotencyKey("a", new byte[] { 1 }, Jobs.Start.AddDays(1)), new IdempotencyKey("a", new byte[] { 2 }, Jobs.Start.AddDays(1)));
        var stored = Assert.IsType<InsertOutcome.Inserted>((await SubmitAsync(key, Jobs.Spec()))[0]).Jobs[0];

        gate.Close();
        var first = InsertAsync(store, Jobs.Spec());
        await gate.Reached;
        var (fresh, repeated, asked, reused) = (SubmitAsync(null, Jobs.Spec()), SubmitAsync(key, Jobs.Spec()), SubmitAsync(key), SubmitAsync(other, Jobs.Spec()));
        Volatile.Write(ref isFull, true);
        gate.Open();

        Assert.IsType<InsertOutcome.Inserted>(await first);
        Assert.IsType<InsertOutcome.DiskFull>((await fresh)[0]);
        Assert.Equal(stored.Id, Assert.IsType<InsertOutcome.Replayed>((await repeated)[0]).Jobs[0].Id);
        Assert.Equal(stored.Id, Assert.IsType<InsertOutcome.Replayed>((await asked)[0]).Jobs[0].Id);
        Assert.IsType<InsertOutcome.KeyReused>((await reused)[0]);

        Task<IReadOnlyList<InsertOutcome>> SubmitAsync(IdempotencyKey? key, params JobSpec[] specs) =>
            store.InsertAsync(new InsertRequest([new Submission(specs, key)], Jobs.Start), Token).AsTask();
    }

    [Fact]
    public async Task While_another_program_holds_the_file_nothing_is_stored_and_everybody_hears_so_and_afterwards_all_goes_on()
    {
        using var store = _folder.Open(forLocks: TimeSpan.FromMilliseconds(1));

        using (var other = new Db(_folder.File))
        {
            other.Execute("BEGIN IMMEDIATE");
            var refusal = await Assert.ThrowsAsync<SqliteStoreException>(() => InsertAsync(store, Jobs.Spec()));
            Assert.True(refusal is { IsFinal: false, IsPassing: true });
            Assert.Contains("nothing was stored", refusal.Message, StringComparison.Ordinal);
            other.Execute("ROLLBACK");
        }

        Assert.False(store.Failed.IsCompleted);
        Assert.IsType<InsertOutcome.Inserted>(await InsertAsync(store, Jobs.Spec()));
        Assert.Equal(1, (await store.CountAsync(Token)).Backlog);
    }

    [Fact]
    public async Task A_disk_without_room_refuses_submissions_and_everything_else_goes_on()
    {
        using var store = _folder.Open(maxFileBytes: 1 << 20);
        var big = Jobs.Spec(payload: $"\"{new string('x', 60_000)}\"");
        var stored = new List<Guid>();
        InsertOutcome outcome;

        while ((outcome = await InsertAsync(store, big with { Id = Guid.CreateVersion7() })) is InsertOutcome.Inserted inserted)
        {
            stored.Add(inserted.Jobs[0].Id);
        }

        Assert.IsType<InsertOutcome.DiskFull>(outcome);
        Assert.InRange(stored.Count, 5, 20);
        Assert.Equal(stored.Count, (await store.CountAsync(Token)).Backlog);

        await store.CancelAsync(JobSelection.Of(stored), Jobs.Asked(), Jobs.Start, Token);
        await store.DeleteAsync(JobSelection.Of(stored), Token);
        Assert.IsType<InsertOutcome.Inserted>(await InsertAsync(store, big));
    }

    private static async Task<InsertOutcome> InsertAsync(SqliteJobStore store, JobSpec spec) =>
        (await store.InsertAsync(new InsertRequest([new Submission([spec])], spec.CreatedAt), Token))[0];
}
