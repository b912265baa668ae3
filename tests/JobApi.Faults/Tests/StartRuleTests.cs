using JobApi.Faults.Checking;
using Xunit;
using static JobApi.Faults.Tests.Story;

namespace JobApi.Faults.Tests;

/// <summary>The checker's own tests: attempts, starts and what they are charged to.</summary>
public sealed class StartRuleTests
{
    private static readonly Story Retried = new()
    {
        Calls = [Call(1, 2, 503), Call(2, 5)],
        Stored = [Job(Failed(1, 1, 3), Attempt(2, 4, 6))],
    };

    private static readonly Story Recovered = new()
    {
        Calls = [Call(1, 2, answered: false), Call(2, 6)],
        Disturbances = [Disturbed(DisturbanceKind.Death, 3, 3.5)],
        Stored = [Job(Lost(1, 1, 4), Attempt(2, 5, 7))],
    };

    private static readonly Story HandedBack = new()
    {
        Calls = [Call(1, 2, answered: false), Call(2, 6)],
        Disturbances = [Disturbed(DisturbanceKind.Stop, 2.5, 4)],
        Stored = [Job(Attempt(1, 1, 3, "queued"), Attempt(2, 5, 7))],
    };

    [Fact]
    public void A_second_start_after_the_sink_said_no_has_its_reason() => Assert.Empty(Retried.Verdict);

    [Fact]
    public void A_second_start_after_the_sink_said_yes_has_none() =>
        Assert.Equal([ViolationKind.ExtraStart], (Retried with { Calls = [Call(1, 2), Call(2, 5)] }).Verdict);

    [Fact]
    public void A_second_start_after_a_death_has_its_reason() => Assert.Empty(Recovered.Verdict);

    [Fact]
    public void A_lost_attempt_without_a_death_has_no_reason() =>
        Assert.Equal([ViolationKind.ExtraStart], (Recovered with { Disturbances = [] }).Verdict);

    [Fact]
    public void A_death_before_the_attempt_is_no_reason() =>
        Assert.Equal([ViolationKind.ExtraStart], (Recovered with { Disturbances = [Disturbed(DisturbanceKind.Death, 0, 0.5)] }).Verdict);

    [Fact]
    public void A_pause_is_no_reason_to_take_an_attempt_for_lost() =>
        Assert.Equal([ViolationKind.ExtraStart], (Recovered with { Disturbances = [Disturbed(DisturbanceKind.Pause, 2, 4)] }).Verdict);

    [Fact]
    public void A_job_that_was_handed_back_at_a_stop_starts_again() => Assert.Empty(HandedBack.Verdict);

    [Fact]
    public void A_job_that_was_handed_back_while_nobody_stopped_the_server_has_no_reason_to_start_again() =>
        Assert.Equal([ViolationKind.ExtraStart], (HandedBack with { Disturbances = [] }).Verdict);

    [Fact]
    public void A_claim_that_no_worker_picked_up_may_go_back_at_any_time() => Assert.Empty((HandedBack with
    {
        Calls = [Call(2, 6)],
        Disturbances = [],
        Stored = [Job(Attempt(1, 1, 3, "queued", worker: null), Attempt(2, 5, 7)) with { ResultOf = 2 }],
    }).Verdict);

    [Fact]
    public void A_claim_that_no_worker_picked_up_explains_no_start() => Assert.Contains(ViolationKind.ExtraStart, (HandedBack with
    {
        Disturbances = [],
        Stored = [Job(Attempt(1, 1, 3, "queued", worker: null), Attempt(2, 5, 7))],
    }).Verdict);

    [Fact]
    public void Being_handed_back_is_not_charged() =>
        Assert.Equal([ViolationKind.Charge], (HandedBack with { Stored = [HandedBack.Stored[0] with { Crashes = 1 }] }).Verdict);

    [Fact]
    public void A_failure_that_is_not_charged_is_noticed() =>
        Assert.Equal([ViolationKind.Charge], (Retried with { Stored = [Retried.Stored[0] with { Failures = 0 }] }).Verdict);

    [Fact]
    public void A_person_is_a_reason() => Assert.Empty(new Story
    {
        Calls = [Call(1, 2, 409), Call(2, 6)],
        Acts = [Act(ActKind.Retry, 4)],
        Stored = [Job(Failed(1, 1, 3, "failed"), Attempt(2, 5, 7))],
    }.Verdict);

    [Fact]
    public void A_start_after_the_end_without_a_person_has_no_reason() => Assert.Equal([ViolationKind.ExtraStart], new Story
    {
        Calls = [Call(1, 2, 409), Call(2, 6)],
        Stored = [Job(Failed(1, 1, 3, "failed"), Attempt(2, 5, 7))],
    }.Verdict);

    [Fact]
    public void A_person_who_was_refused_is_no_reason() => Assert.Equal([ViolationKind.ExtraStart], new Story
    {
        Calls = [Call(1, 2, 409), Call(2, 6)],
        Acts = [Act(ActKind.Retry, 4, Answer.Refused)],
        Stored = [Job(Failed(1, 1, 3, "failed"), Attempt(2, 5, 7))],
    }.Verdict);

    [Fact]
    public void Two_starts_within_one_attempt_are_one_too_many() =>
        Assert.Equal([ViolationKind.ExtraStart], new Story { Calls = [Call(1, 2), Call(2, 2.5)] }.Verdict);

    [Fact]
    public void A_start_before_its_attempt_belongs_to_none() =>
        Assert.Contains(ViolationKind.ExtraStart, (Retried with { Calls = [Call(1, 2, 503), Call(2, 3)] }).Verdict);

    [Fact]
    public void Attempts_that_do_not_go_up_are_noticed() =>
        Assert.Contains(ViolationKind.Numbering, (Retried with { Stored = [Job(Failed(2, 1, 3), Attempt(2, 4, 6))] }).Verdict);

    [Fact]
    public void A_job_that_counts_other_attempts_than_it_had_is_noticed() =>
        Assert.Equal([ViolationKind.Numbering], (Retried with { Stored = [Retried.Stored[0] with { Attempt = 3 }] }).Verdict);
}
