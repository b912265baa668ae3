using JobApi.Engine.Completion;
using JobApi.Engine.Diagnostics;
using JobApi.Engine.Events;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Completion;

public sealed class HistoryWriterTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly HistoryBell _bell = new();
    private readonly Book _book = new();
    private readonly HistoryWriter _writer;

    public HistoryWriterTests() => _writer = new HistoryWriter(_book, _bell, new JobEvents(), _time, NullLogger<HistoryWriter>.Instance);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task Words_that_could_not_be_stored_are_stored_before_the_next_ones()
    {
        _book.Failure = new IOException("no");
        await FailAsync(Speaking("first"));

        _book.Failure = null;
        await _writer.FlushAsync([Speaking("second")], CancellationToken.None);
        await _writer.FlushAsync([], CancellationToken.None);

        Assert.Equal(["first", "second"], _book.Lines);
    }

    [Fact]
    public async Task What_a_handler_says_while_its_words_cannot_be_stored_stays_in_its_journal_which_is_bounded()
    {
        var held = Speaking("first");
        _book.Failure = new IOException("no");
        await FailAsync(held);
        Say(held, "second");
        await FailAsync(held);

        var left = Assert.Single(held.TakeWords()!.Lines);

        Assert.Equal("second", left.Text);
    }

    [Fact]
    public async Task What_was_taken_before_the_loop_was_restarted_is_stored_although_nobody_says_another_word()
    {
        _bell.Ring(Speaking("first"));
        _book.Failure = new IOException("no");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<IOException>(() => RunAsync(stop.Token));

        _book.Failure = null;
        var running = RunAsync(stop.Token);
        await EngineHost.UntilAsync(() => _book.Lines.Count == 1);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Words_that_a_store_will_not_take_hold_up_nobody_for_longer_than_ten_seconds()
    {
        _book.Failure = new InvalidOperationException("not these");
        await FailAsync(Speaking("bad"));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        await FailAsync(Speaking("good"));
        _time.Advance(TimeSpan.FromSeconds(0.1));

        _book.Mends = true;
        await _writer.FlushAsync([Speaking("good")], CancellationToken.None);

        Assert.Equal(["good"], _book.Lines);
    }

    [Fact]
    public async Task A_full_disk_is_no_reason_to_give_words_up()
    {
        _book.Failure = new FullStoreException();
        var held = Speaking("first");
        await FailAsync(held);
        _time.Advance(TimeSpan.FromDays(1));
        await FailAsync(held);

        _book.Failure = null;
        await _writer.FlushAsync([], CancellationToken.None);

        Assert.Equal(["first"], _book.Lines);
    }

    private Task RunAsync(CancellationToken stop) => _writer.RunAsync(new Heartbeat(_writer.Name, _time), stop);

    private async Task FailAsync(HeldJob held) => await Assert.ThrowsAnyAsync<Exception>(() => _writer.FlushAsync([held], CancellationToken.None));

    private HeldJob Speaking(string line)
    {
        var held = new HeldJob(Jobs.Running());
        Say(held, line);
        return held;
    }

    private void Say(HeldJob held, string line) => held.Journal.Add(new LogText(_time.GetUtcNow(), line));

    /// <summary>A history that takes words, or none.</summary>
    private sealed class Book : IJobHistory
    {
        /// <summary>What the next calls throw.</summary>
        public Exception? Failure { get; set; }

        /// <summary>Whether one more call fails and no other.</summary>
        public bool Mends { get; set; }

        public List<string> Lines { get; } = [];

        public ValueTask<IReadOnlyList<Job>> AppendAsync(IReadOnlyList<HistoryEntry> entries, CancellationToken cancellationToken)
        {
            if (Failure is { } failure)
            {
                Failure = Mends ? null : failure;
                throw failure;
            }

            Lines.AddRange(entries.SelectMany(entry => entry.Lines).Select(line => line.Text));
            return new([]);
        }

        public ValueTask<IReadOnlyList<AttemptRecord>?> AttemptsAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<LogLine>?> LogsAsync(Guid id, long after, int max, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
