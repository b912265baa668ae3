using JobApi.Faults.Checking;
using JobApi.Faults.Runs;
using Xunit;
using static JobApi.Faults.Tests.Story;

namespace JobApi.Faults.Tests;

/// <summary>The checker's own tests: how jobs end.</summary>
public sealed class EndingRuleTests
{
    [Fact]
    public void A_success_without_a_call_is_made_up() =>
        Assert.Equal([ViolationKind.Outcome], new Story { Stored = [Job(Attempt(1, 1, 3)) with { ResultOf = null }] }.Verdict);

    [Fact]
    public void A_success_by_a_call_that_was_never_answered_is_made_up() =>
        Assert.Equal([ViolationKind.Outcome], new Story { Calls = [Call(1, 2, answered: false)] }.Verdict);

    [Fact]
    public void A_success_by_a_call_of_an_earlier_attempt_is_stale() => Assert.Equal([ViolationKind.Outcome], new Story
    {
        Calls = [Call(1, 2), Call(2, 6)],
        Disturbances = [Disturbed(DisturbanceKind.Death, 3, 3.5)],
        Stored = [Job(Lost(1, 1, 4), Attempt(2, 5, 7)) with { ResultOf = 1 }],
    }.Verdict);

    [Fact]
    public void The_third_death_ends_a_job() => Assert.Empty(new Story
    {
        Calls = [],
        Fate = Fate.Poisonous | Fate.Silent,
        Disturbances = [Disturbed(DisturbanceKind.Death, 1, 2), Disturbed(DisturbanceKind.Death, 3, 4), Disturbed(DisturbanceKind.Death, 5, 6)],
        Stored = [Job(Lost(1, 1, 2), Lost(2, 3, 4), Lost(3, 5, 6, "failed"))],
    }.Verdict);

    [Fact]
    public void A_job_that_was_not_to_blame_and_ran_at_three_deaths_is_counted_and_no_violation()
    {
        var story = new Story
        {
            Calls = [Call(1, 1.5, answered: false), Call(2, 3.5, answered: false), Call(3, 5.5, answered: false)],
            Disturbances = [Disturbed(DisturbanceKind.Death, 1.6, 2), Disturbed(DisturbanceKind.Death, 3.6, 4), Disturbed(DisturbanceKind.Death, 5.6, 6)],
            Stored = [Job(Lost(1, 1, 2), Lost(2, 3, 4), Lost(3, 5, 6, "failed")) with { Error = StoredAttempt.Lost }],
        };

        var report = TrialReport.Of("a fault", 3, story.History, [], []);

        Assert.Empty(report.Violations);
        Assert.Equal(1, report.Condemned);
    }

    [Fact]
    public void A_third_crash_without_a_third_death_is_a_wrong_charge() => Assert.NotEmpty(new Story
    {
        Calls = [Call(1, 1.5, answered: false), Call(2, 3.5, answered: false), Call(3, 5.5, answered: false)],
        Disturbances = [Disturbed(DisturbanceKind.Death, 1.6, 2), Disturbed(DisturbanceKind.Death, 3.6, 4)],
        Stored = [Job(Lost(1, 1, 2), Lost(2, 3, 4), Lost(3, 5, 6, "failed"))],
    }.Verdict);

    [Fact]
    public void The_second_death_does_not() => Assert.Contains(ViolationKind.Outcome, new Story
    {
        Calls = [],
        Disturbances = [Disturbed(DisturbanceKind.Death, 1, 2), Disturbed(DisturbanceKind.Death, 3, 4)],
        Stored = [Job(Lost(1, 1, 2), Lost(2, 3, 4, "failed"))],
    }.Verdict);

    [Fact]
    public void A_timeout_ends_only_a_job_that_takes_too_long()
    {
        var story = new Story { Calls = [], Stored = [Job(Failed(1, 1, 3, "failed", "timeout")) with { MaxAttempts = 1 }] };

        Assert.Empty((story with { Fate = Fate.TimesOut | Fate.Silent }).Verdict);
        Assert.Equal([ViolationKind.ExtraStart], story.Verdict);
    }

    [Fact]
    public void A_cancellation_needs_somebody_who_asked()
    {
        var story = new Story { Calls = [], Stored = [Job(Attempt(1, 1, 3, "canceled"))] };

        Assert.Empty((story with { Acts = [Act(ActKind.Cancel, 2, Answer.Unknown)] }).Verdict);
        Assert.Equal([ViolationKind.Outcome], story.Verdict);
        Assert.Equal([ViolationKind.Outcome], (story with { Acts = [Act(ActKind.Cancel, 2, Answer.Refused)] }).Verdict);
    }

    [Fact]
    public void An_end_that_was_seen_and_is_another_one_later_is_a_second_end() =>
        Assert.Equal([ViolationKind.SecondEnd], new Story { Looks = [Look(2, "canceled", finishedAt: 2)] }.Verdict);

    [Fact]
    public void An_end_that_a_person_undid_is_none() =>
        Assert.Empty(new Story { Looks = [Look(2, "canceled", attempt: 0, finishedAt: 0.5)], Acts = [Act(ActKind.Cancel, 0.5), Act(ActKind.Retry, 0.8)] }.Verdict);

    [Fact]
    public void An_end_that_was_seen_and_stays_is_the_end() =>
        Assert.Empty(new Story { Looks = [Look(1, "queued", 0), Look(2, "running"), Look(4, "succeeded", finishedAt: 3)] }.Verdict);

    [Fact]
    public void A_violation_is_told_with_everything_that_happened_to_its_job()
    {
        var story = new Story { Key = "k", Calls = [Call(1, 2), Call(2, 2.5)], Looks = [Look(0.5, "queued", 0)], Acts = [Act(ActKind.Cancel, 9, Answer.Refused)] };

        var told = JobStory.Tell(story.History, Checker.Check(story.History).Single()).Split(Environment.NewLine);

        Assert.Collection(
            told,
            line => Assert.StartsWith("ExtraStart: Call 2 ", line, StringComparison.Ordinal),
            line => Assert.Contains(Id.ToString(), line, StringComparison.Ordinal),
            line => Assert.EndsWith("submitted (key k): Ok, 202", line, StringComparison.Ordinal),
            line => Assert.Contains("looked at: 200 queued", line, StringComparison.Ordinal),
            line => Assert.Contains("attempt 1 until 03:04:08.000: succeeded", line, StringComparison.Ordinal),
            line => Assert.Contains("call 1: 200", line, StringComparison.Ordinal),
            line => Assert.Contains("call 2: 200", line, StringComparison.Ordinal),
            line => Assert.Contains("succeeded, attempt 1", line, StringComparison.Ordinal),
            line => Assert.EndsWith("Cancel by a person: Refused", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_job_is_told_with_the_death_that_took_it()
    {
        var story = new Story { Stored = [], Calls = [], Disturbances = [Disturbed(DisturbanceKind.Death, -9, -8), Disturbed(DisturbanceKind.Death, -0.1, 0.2)] };

        var told = JobStory.Tell(story.History, Checker.Check(story.History).Single()).Split(Environment.NewLine);

        Assert.Equal(4, told.Length);
        Assert.Contains("Death of the server until 03:04:05.200", told[2], StringComparison.Ordinal);
    }
}
