using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Testing;

namespace JobApi.Store.Tests.Contract;

public abstract class InsertContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    protected override StoreOptions Options => new() { MaxBacklog = 5 };

    [Fact]
    public async Task A_due_job_is_queued_and_everything_asked_for_is_kept()
    {
        var spec = Spec() with
        {
            Queue = "mail",
            Priority = -3,
            ExpiresAt = Now.AddHours(1),
            Retention = TimeSpan.FromHours(2),
            Tags = new Dictionary<string, string> { ["customer"] = "42" },
            Files = [Guid.CreateVersion7(Now)],
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        };
        await GivenAsync(spec);

        var job = Assert.IsType<Job>(await Reader.FindAsync(spec.Id, Token));

        Assert.Equal((JobState.Queued, 1, 0), (job.State, job.Version, job.Attempt));
        Assert.Equal(spec.Payload.ToArray(), job.Spec.Payload.ToArray());
        Assert.Equal(spec.Tags, job.Spec.Tags);
        Assert.Equal(spec.Files, job.Spec.Files);
        Assert.Equal(spec with { Payload = default, Tags = job.Spec.Tags, Files = job.Spec.Files }, job.Spec with { Payload = default });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    public async Task Settings_are_kept_to_the_last_digit_whatever_the_size_of_the_payload(int payload)
    {
        var spec = Jobs.Spec("square", Now, $"\"{new string('p', payload)}\"") with { Timeout = TimeSpan.FromTicks(12_345_678), MaxAttempts = int.MaxValue };
        var others = spec with { Id = Guid.CreateVersion7(Now), Timeout = TimeSpan.MaxValue, MaxAttempts = 1, Backoff = new Backoff(BackoffKind.Linear, TimeSpan.FromTicks(7), TimeSpan.FromDays(9)) };
        await GivenAsync(spec);
        await GivenAsync(others);

        Assert.Equal(Settings(spec), Settings((await Reader.FindAsync(spec.Id, Token))!.Spec));
        Assert.Equal(Settings(others), Settings((await Reader.FindAsync(others.Id, Token))!.Spec));

        static (TimeSpan, int, Backoff, int) Settings(JobSpec spec) => (spec.Timeout, spec.MaxAttempts, spec.Backoff, spec.Payload.Length);
    }

    [Fact]
    public async Task A_job_for_later_is_scheduled()
    {
        var job = await GivenScheduledAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(JobState.Scheduled, job.State);
        Assert.Equal(Now.AddMinutes(1), job.RunAt);
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Sequences_grow_in_the_order_of_submission()
    {
        var outcome = Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec(), Spec(), Spec()]));

        Assert.Equal(outcome.Jobs.OrderBy(job => job.Sequence), outcome.Jobs);
        Assert.Equal(3, outcome.Jobs.Select(job => job.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task A_full_backlog_refuses_and_stores_nothing()
    {
        await SubmitAsync([Spec(), Spec(), Spec(), Spec(), Spec()]);
        var late = Spec();

        Assert.IsType<InsertOutcome.Full>(await SubmitAsync([late]));

        Assert.Null(await Reader.FindAsync(late.Id, Token));
        Assert.Equal(5, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task A_submission_that_fits_in_part_is_refused_as_a_whole_and_its_neighbour_is_not()
    {
        await SubmitAsync([Spec(), Spec(), Spec()]);

        var outcomes = await Queue.InsertAsync(new InsertRequest([new Submission([Spec(), Spec(), Spec()]), new Submission([Spec(), Spec()])], Now), Token);

        Assert.IsType<InsertOutcome.Full>(outcomes[0]);
        Assert.IsType<InsertOutcome.Inserted>(outcomes[1]);
        Assert.Equal(5, (await CountAsync()).Backlog);
    }

    [Fact]
    public async Task A_finished_job_makes_room_and_a_running_one_does_not()
    {
        await SubmitAsync([Spec(), Spec(), Spec(), Spec(), Spec()]);
        var running = Assert.Single(await ClaimAsync());
        Assert.IsType<InsertOutcome.Full>(await SubmitAsync([Spec()]));

        await EndAsync(running, Testing.Outcomes.Succeeded());

        Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync([Spec()]));
    }

    [Fact]
    public async Task An_offer_claims_new_jobs_up_to_its_number()
    {
        var jobs = await OfferAsync(Claiming(max: 2), Spec(), Spec(), Spec());

        Assert.Equal([JobState.Running, JobState.Running, JobState.Queued], jobs.Select(job => job.State));
        Assert.Equal([1, 1, 0], jobs.Select(job => job.Attempt));
        Assert.Equal(jobs[0], await FindAsync(jobs[0]) with { Spec = jobs[0].Spec });
    }

    [Fact]
    public async Task An_offer_takes_nothing_while_a_claimable_job_waits_before()
    {
        await GivenQueuedAsync();

        Assert.All(await OfferAsync(Claiming(max: 2), Spec()), job => Assert.Equal(JobState.Queued, job.State));
    }

    [Fact]
    public async Task An_offer_takes_a_new_job_of_higher_priority_past_a_waiting_one()
    {
        await GivenQueuedAsync();

        var jobs = await OfferAsync(Claiming(max: 2), Spec() with { Priority = 1 }, Spec());

        Assert.Equal([JobState.Running, JobState.Queued], jobs.Select(job => job.State));
    }

    [Fact]
    public async Task An_offer_is_not_held_up_by_jobs_it_could_not_take()
    {
        await GivenQueuedAsync("sleep");
        await GivenScheduledAsync(TimeSpan.FromHours(1));

        Assert.All(await OfferAsync(Claiming(max: 1, types: "square"), Spec()), job => Assert.Equal(JobState.Running, job.State));
    }

    [Fact]
    public async Task An_offer_is_not_held_up_by_jobs_of_a_type_that_has_no_place()
    {
        await GivenQueuedAsync("sleep");
        var offer = Claiming(max: 3) with { TypeBudgets = new Dictionary<string, int> { ["sleep"] = 0 } };

        Assert.All(await OfferAsync(offer, Spec(), Spec()), job => Assert.Equal(JobState.Running, job.State));
    }

    [Fact]
    public async Task A_submission_without_jobs_may_come_before_others()
    {
        var request = new InsertRequest([new Submission([]), new Submission([Spec(), Spec()])], Now, Claiming(max: 2));

        var outcomes = await Queue.InsertAsync(request, Token);

        Assert.Empty(Assert.IsType<InsertOutcome.Inserted>(outcomes[0]).Jobs);
        Assert.All(Assert.IsType<InsertOutcome.Inserted>(outcomes[1]).Jobs, job => Assert.Equal(JobState.Running, job.State));
    }

    [Fact]
    public async Task An_offer_keeps_to_its_types_budgets_and_due_times()
    {
        var offer = Claiming(max: 5, types: "square") with { TypeBudgets = new Dictionary<string, int> { ["square"] = 1 } };

        var jobs = await OfferAsync(offer, Spec() with { RunAt = Now.AddSeconds(1) }, Spec("sleep"), Spec(), Spec());

        Assert.Equal([JobState.Scheduled, JobState.Queued, JobState.Running, JobState.Queued], jobs.Select(job => job.State));
    }

    [Fact]
    public async Task An_offer_with_a_hand_for_each_takes_those_that_are_due()
    {
        var jobs = await OfferAsync(Claiming(max: 5), Spec(), Spec() with { RunAt = Now.AddSeconds(1) }, Spec());

        Assert.Equal([JobState.Running, JobState.Scheduled, JobState.Running], jobs.Select(job => job.State));
    }

    [Fact]
    public async Task An_offer_takes_no_job_that_is_too_late() =>
        Assert.Equal(JobState.Queued, Assert.Single(await OfferAsync(Claiming(max: 5), Spec() with { ExpiresAt = Now })).State);

    private async Task<IReadOnlyList<Job>> OfferAsync(ClaimRequest offer, params JobSpec[] specs) =>
        Assert.IsType<InsertOutcome.Inserted>(Assert.Single(await Queue.InsertAsync(new InsertRequest([new Submission(specs)], Now, offer), Token))).Jobs;
}
