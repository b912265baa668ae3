using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class PurgeContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    /// <summary>What a job costs that <see cref="EndedWithBytesAsync"/> made, without its bytes.</summary>
    private const int Overhead = JobSize.Overhead + JobSize.AttemptOverhead;

    protected override StoreOptions Options => new()
    {
        MaxTombstones = 2,
        MaxLogLines = 2,
        Retention = RetentionPolicy.Default with
        {
            ByType = new Dictionary<string, RetentionPolicy> { ["sleep"] = new(TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3)) },
        },
    };

    [Fact]
    public async Task A_finished_job_is_taken_when_its_time_is_over_and_not_before()
    {
        var job = await GivenEndedAsync();
        Pass(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Empty(await PurgeAsync());
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal([job.Id], await PurgeAsync());

        Assert.Null(await Reader.FindAsync(job.Id, Token));
        Assert.True(await Reader.IsGoneAsync(job.Id, Token));
        Assert.Empty((await Reader.ListAsync(new JobQuery(new JobFilter(), 10), Token)).Items);
    }

    [Fact]
    public async Task An_unfinished_job_is_never_taken()
    {
        await GivenRunningAsync();
        await GivenQueuedAsync();
        await GivenScheduledAsync(TimeSpan.FromHours(1));
        Pass(TimeSpan.FromDays(1000));

        Assert.Empty(await PurgeAsync(maxBytes: 0));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task A_requeued_job_is_no_longer_due_for_deletion(int? ownDays)
    {
        await RequeueAsync(await GivenEndedAsync(Outcomes.Failed, Spec() with { Retention = ownDays is { } days ? TimeSpan.FromDays(days) : null }));
        Pass(TimeSpan.FromDays(1000));

        Assert.Empty(await PurgeAsync(maxBytes: 0));
    }

    [Fact]
    public async Task No_more_jobs_go_than_were_allowed()
    {
        await GivenEndedAsync();
        await GivenEndedAsync();
        await GivenEndedAsync();
        Pass(TimeSpan.FromDays(2));

        Assert.Equal(2, (await PurgeAsync(max: 2)).Count);
        Assert.Single(await PurgeAsync(max: 2));
        Assert.Empty(await PurgeAsync(max: 2));
    }

    [Fact]
    public async Task Over_the_byte_bound_the_jobs_that_ended_first_go()
    {
        var first = await EndedWithBytesAsync(100);
        var second = await EndedWithBytesAsync(50);
        var third = await EndedWithBytesAsync(30);

        Assert.Equal([first, second], await PurgeAsync(maxBytes: Overhead + 30));
        Assert.Empty(await PurgeAsync(maxBytes: Overhead + 30));
        Assert.Equal([third], await PurgeAsync(maxBytes: Overhead + 29));
    }

    [Fact]
    public async Task Bytes_of_unfinished_jobs_do_not_push_finished_ones_out()
    {
        await EndedWithBytesAsync(10);
        await GivenAsync(Jobs.Spec(at: Now, payload: $"\"{new string('x', 1000)}\""));

        Assert.Empty(await PurgeAsync(maxBytes: Overhead + 10));
    }

    [Fact]
    public async Task A_type_with_a_rule_of_its_own_is_kept_by_that_rule()
    {
        var succeeded = await GivenEndedAsync(spec: Spec("sleep"));
        var failed = await GivenEndedAsync(Outcomes.Failed, Spec("sleep"));
        var canceled = await GivenEndedAsync(Outcomes.Canceled, Spec("sleep"));
        var wished = await GivenEndedAsync(spec: Spec("sleep") with { Retention = TimeSpan.FromHours(4) });
        await GivenEndedAsync();

        foreach (var job in new[] { succeeded, failed, canceled, wished })
        {
            Pass(TimeSpan.FromHours(1));
            Assert.Equal([job.Id], await PurgeAsync());
        }

        Assert.Empty(await PurgeAsync());
    }

    [Fact]
    public async Task Of_jobs_whose_time_is_over_those_go_first_whose_time_was_over_first()
    {
        var day = await GivenEndedAsync();
        var week = await GivenEndedAsync(Outcomes.Failed);
        var hour = await GivenEndedAsync(spec: Spec("sleep"));
        var twoDays = await GivenEndedAsync(spec: Spec() with { Retention = TimeSpan.FromDays(2) });
        var minutes = await GivenEndedAsync(spec: Spec() with { Retention = TimeSpan.FromMinutes(5) });
        var sameDay = await GivenEndedAsync(spec: Spec() with { Retention = TimeSpan.FromDays(1) });
        Pass(TimeSpan.FromDays(8));

        Assert.Equal([minutes.Id, hour.Id, day.Id], await PurgeAsync(max: 3));
        Assert.Equal([sameDay.Id, twoDays.Id, week.Id], await PurgeAsync());
    }

    [Fact]
    public async Task Of_many_jobs_that_ended_at_the_same_instant_each_goes_when_it_is_due_and_no_other_however_they_are_shared_out()
    {
        var (due, kept) = (new List<Guid>(), new List<Guid>());

        for (var number = 0; number < 80; number++)
        {
            TimeSpan? wish = (number % 4) switch
            {
                1 => TimeSpan.FromDays(1),
                3 => TimeSpan.FromDays(2),
                _ => null,
            };
            (wish?.Days == 2 ? kept : due).Add((await GivenEndedAsync(spec: Spec() with { Retention = wish })).Id);
        }

        Pass(TimeSpan.FromDays(1));
        var gone = new List<Guid>();

        while (await PurgeAsync(max: 7) is { Count: > 0 } round)
        {
            gone.AddRange(round);
        }

        Assert.Equal(due, gone);
        Assert.Equal(kept.Order(), (await Reader.ListAsync(new JobQuery(new JobFilter(), 100), Token)).Items.Select(job => job.Id).Order());
    }

    [Fact]
    public async Task A_long_wish_outlives_jobs_that_ended_later_but_is_no_defence_against_a_bound()
    {
        var wished = await GivenEndedAsync(spec: Spec() with { Retention = TimeSpan.FromDays(30) });
        Pass(TimeSpan.FromHours(1));
        var later = await GivenEndedAsync();
        Pass(TimeSpan.FromDays(1));

        Assert.Equal([later.Id], await PurgeAsync());

        var last = await GivenEndedAsync();
        Assert.Equal([wished.Id, last.Id], await PurgeAsync(maxBytes: 0));
    }

    [Fact]
    public async Task What_was_due_no_longer_counts_against_a_bound()
    {
        await GivenEndedAsync();
        await GivenEndedAsync(spec: Spec() with { Retention = TimeSpan.FromDays(1) });
        Pass(TimeSpan.FromDays(1));
        var fresh = await GivenEndedAsync();

        Assert.Equal(2, (await PurgeAsync(maxBytes: JobSize.Of(fresh))).Count);
        Assert.NotNull(await Reader.FindAsync(fresh.Id, Token));
    }

    [Theory]
    [InlineData("square", null, "square failed|square succeeded")]
    [InlineData(null, JobState.Failed, "square failed|sleep failed")]
    [InlineData("sleep", JobState.Succeeded, "sleep succeeded")]
    [InlineData(null, null, "square failed|sleep failed|sleep succeeded|square succeeded")]
    public async Task A_bound_takes_the_jobs_it_covers_and_no_others(string? type, JobState? state, string gone)
    {
        var names = new Dictionary<Guid, string>
        {
            [await EndedAsync("square", Outcomes.Failed)] = "square failed",
            [await EndedAsync("sleep", Outcomes.Failed)] = "sleep failed",
            [await EndedAsync("sleep", Outcomes.Succeeded())] = "sleep succeeded",
            [await EndedAsync("square", Outcomes.Succeeded())] = "square succeeded",
        };

        Assert.Equal(gone, string.Join('|', (await PurgeWithinAsync(new ByteBound(0, type, state))).Select(id => names[id])));
    }

    [Fact]
    public async Task A_narrow_bound_goes_before_a_wide_one_and_saves_what_it_does_not_cover()
    {
        var kept = await EndedAsync("square", Outcomes.Failed);
        var first = await EndedWithBytesAsync(100);
        var second = await EndedWithBytesAsync(100);

        Assert.Equal([first], await PurgeWithinAsync(
            new ByteBound(Overhead + 100, State: JobState.Succeeded), new ByteBound((2 * Overhead) + 200)));

        Assert.Equal([kept], await PurgeWithinAsync(new ByteBound(Overhead + 100)));
        Assert.NotNull(await Reader.FindAsync(second, Token));
    }

    [Fact]
    public async Task More_jobs_than_one_look_finds_go_in_their_order()
    {
        var ended = new List<Guid>();

        for (var number = 0; number < 150; number++)
        {
            ended.Add(await EndedAsync(number % 3 == 0 ? "sleep" : "square", Outcomes.Succeeded()));
        }

        Assert.Equal(ended, await PurgeAsync(maxBytes: 0));
    }

    [Fact]
    public async Task Tags_errors_attempts_and_log_lines_are_charged()
    {
        var spec = Spec() with { Payload = "1"u8.ToArray(), Tags = new Dictionary<string, string> { ["team"] = "\u00e9" } };
        var running = await GivenRunningAsync(spec);
        await History.AppendAsync([new HistoryEntry(running.Lease, [new LogText(Now, "gone"), new LogText(Now, "\u00e9n"), new LogText(Now, "two")], null)], Token);
        Assert.Equal(JobSize.Overhead + 1 + 6 + (2 * JobSize.LineOverhead) + 6, (await CountAsync()).Bytes);

        var failed = (await EndAsync(running, Outcomes.Failed))!;
        var error = failed.Error!.Type.Length + failed.Error.Title.Length + failed.Error.Detail.Length;
        var bytes = JobSize.Overhead + 1 + 6 + (2 * JobSize.LineOverhead) + 6 + JobSize.AttemptOverhead + (2 * error);

        Assert.Equal(bytes, (await CountAsync()).Bytes);
        Assert.Equal(bytes, JobSize.Of(await FindAsync(failed)));
        Assert.Empty(await PurgeAsync(maxBytes: bytes));
        Assert.Single(await PurgeAsync(maxBytes: bytes - 1));
        Assert.Equal(0, (await CountAsync()).Bytes);
    }

    [Fact]
    public async Task Attempts_that_are_dropped_are_no_longer_charged()
    {
        var job = await GivenQueuedAsync();

        for (var attempt = 0; attempt < AttemptRecord.MaxKept + 5; attempt++)
        {
            // One that is dropped later, and one for which another is dropped.
            var isLost = attempt is 2 or AttemptRecord.MaxKept + 4;
            var running = Assert.Single(await ClaimAsync(lease: TimeSpan.FromMinutes(1)));

            if (!isLost)
            {
                await EndAsync(running, attempt < 3 ? Outcomes.Retry() : Outcomes.HandedBack);
            }

            Pass(TimeSpan.FromHours(1));
            await AdvanceAsync();
            Pass(TimeSpan.FromHours(1));
            await AdvanceAsync();
        }

        var kept = (await History.AttemptsAsync(job.Id, Token))!;
        Assert.Single(kept, attempt => attempt.Error?.Type == "lost");
        Assert.Equal(kept.Sum(attempt => JobSize.OfAttempt(attempt.Error)), (await FindAsync(job)).HistoryBytes);
    }

    [Fact]
    public async Task Of_jobs_that_go_together_only_the_last_are_remembered()
    {
        var jobs = new[] { await GivenEndedAsync(), await GivenEndedAsync(), await GivenEndedAsync(), await GivenEndedAsync() };
        Pass(TimeSpan.FromDays(1));
        await PurgeAsync();

        var remembered = new List<bool>();

        foreach (var job in jobs)
        {
            remembered.Add(await Reader.IsGoneAsync(job.Id, Token));
        }

        Assert.Equal([false, false, true, true], remembered);
    }

    [Fact]
    public async Task Ids_of_different_times_are_remembered_when_they_go_together()
    {
        var first = await GivenEndedAsync(spec: Spec() with { Id = Guid.CreateVersion7(Now) });
        var second = await GivenEndedAsync(spec: Spec() with { Id = Guid.CreateVersion7(Now.AddMinutes(1)) });
        Pass(TimeSpan.FromDays(1));
        await PurgeAsync();

        Assert.True(await Reader.IsGoneAsync(first.Id, Token));
        Assert.True(await Reader.IsGoneAsync(second.Id, Token));
        Assert.False(await Reader.IsGoneAsync(Guid.CreateVersion7(Now), Token));
    }

    [Fact]
    public async Task Only_the_latest_deleted_ids_are_remembered()
    {
        var jobs = new[] { await GivenEndedAsync(), await GivenEndedAsync(), await GivenEndedAsync() };

        foreach (var job in jobs)
        {
            await DeleteAsync(job);
        }

        Assert.False(await Reader.IsGoneAsync(jobs[0].Id, Token));
        Assert.True(await Reader.IsGoneAsync(jobs[1].Id, Token));
        Assert.True(await Reader.IsGoneAsync(jobs[2].Id, Token));
    }

    private async Task<Guid> EndedAsync(string type, JobOutcome outcome)
    {
        Pass(TimeSpan.FromMilliseconds(1));

        return (await GivenEndedAsync(outcome, Spec(type))).Id;
    }

    private async Task<Guid> EndedWithBytesAsync(int bytes)
    {
        Pass(TimeSpan.FromSeconds(1));
        var result = new string('1', bytes - 1);

        return (await GivenEndedAsync(Outcomes.Succeeded(result), Jobs.Spec(at: Now, payload: "1"))).Id;
    }
}
