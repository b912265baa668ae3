using JobApi.Engine.Diagnostics;
using JobApi.Engine.Execution;
using JobApi.Engine.Submission;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Engine.Tests.Diagnostics;

public sealed class DiskSpaceTests
{
    private readonly FakeDisk _disk = new() { Free = 1_000, Only = "/jobs" };
    private readonly Lines _log = new();
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(999, true)]
    [InlineData(1_000, false)]
    public void Below_the_floor_a_disk_is_short(long free, bool isShort)
    {
        _disk.Free = free;
        var space = Space(floor: 1_000);

        Assert.Equal(isShort, space.IsShortOf(DiskUse.Jobs));
        Assert.Equal(isShort ? "disk short" : null, space.ShortBecause);
        Assert.Equal(free, space.FreeBytes[DiskUse.Jobs]);
        Assert.False(space.IsShortOf(DiskUse.Files));
    }

    [Fact]
    public void The_log_hears_of_a_change_and_not_of_a_state()
    {
        var space = Space(floor: 1_000);
        _disk.Free = 10;
        space.Look();
        space.Look();
        _disk.Free = 5_000;
        space.Look();
        space.Look();

        Assert.Collection(
            _log.Written,
            line => Assert.StartsWith("Error The disk of /jobs is short: 10 bytes", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Information The disk of /jobs has room again: 5000 bytes", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_found_no_room_is_full_until_it_finds_some_or_for_a_minute_and_the_log_hears_of_it_once()
    {
        var space = Space(floor: 0);

        space.HasRoom();
        space.IsFull();
        space.IsFull();
        Assert.Equal("disk full", space.ShortBecause);
        Assert.False(space.IsShortOf(DiskUse.Jobs), "New jobs are still tried: nothing else would tell that there is room.");

        space.HasRoom();
        space.HasRoom();
        Assert.Null(space.ShortBecause);

        space.IsFull();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("disk full", space.ShortBecause);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(space.ShortBecause);

        Assert.Collection(
            _log.Written,
            line => Assert.StartsWith("Error The store has no room for new jobs", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Information The store has room", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Error The store has no room for new jobs", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_that_does_not_answer_stays_what_it_was_and_has_no_figure()
    {
        var space = Space(floor: 1_000);
        _disk.IsSilent = true;
        space.Look();

        Assert.False(space.IsShortOf(DiskUse.Jobs));
        Assert.Empty(space.FreeBytes);
    }

    [Fact]
    public void The_real_disk_says_how_much_is_free_even_of_a_folder_that_is_not_there_yet()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"jobapi-{Guid.NewGuid():N}", "deeper");

        Assert.InRange(new DiskProbe().FreeBytes(folder), 1, long.MaxValue);
    }

    [Fact]
    public async Task Submissions_are_refused_while_the_disk_of_the_jobs_is_short_and_taken_again_afterwards()
    {
        await using var engine = new EngineHost().With("Disk:MinFreeBytes", 1_000).Handle("echo", static (_, _) => Task.FromResult<Attempt<string>>("done"));
        engine.Replacements.Add(services => services.AddSingleton<IDiskProbe>(_disk).AddSingleton(new WatchedDisk(DiskUse.Jobs, "/jobs")));
        await engine.StartAsync();
        var before = await engine.SubmitAsync("echo");

        _disk.Free = 10;
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => engine.Get<DiskSpace>().IsShortOf(DiskUse.Jobs));
        var refused = Assert.IsType<SubmitResult.NotAccepted>(await engine.TrySubmitAsync("echo"));

        Assert.Equal(TimeSpan.FromMinutes(1), refused.RetryAfter);
        await engine.EndOfAsync(before);

        _disk.Free = 5_000;
        await engine.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => !engine.Get<DiskSpace>().IsShortOf(DiskUse.Jobs));
        await engine.EndOfAsync(await engine.SubmitAsync("echo"));
    }

    private DiskSpace Space(long floor) =>
        new([new WatchedDisk(DiskUse.Jobs, "/jobs")], _disk, Options.Create(new DiskOptions { MinFreeBytes = floor }), _log, _time);

    private sealed class Lines : ILogger<DiskSpace>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add($"{logLevel} {formatter(state, exception)}");
    }
}
