using JobApi.Faults.Checking;
using Xunit;
using static JobApi.Faults.Tests.Story;

namespace JobApi.Faults.Tests;

/// <summary>The checker's own tests: what is there and what should be.</summary>
public sealed class ExistenceRuleTests
{
    [Fact]
    public void A_job_that_was_accepted_ran_and_succeeded_breaks_nothing() => Assert.Empty(new Story().Verdict);

    [Fact]
    public void An_accepted_job_that_is_not_in_the_store_is_lost() =>
        Assert.Equal([ViolationKind.Lost], new Story { Stored = [], Calls = [] }.Verdict);

    [Fact]
    public void A_job_that_could_not_be_found_once_was_lost_even_if_it_came_back() =>
        Assert.Equal([ViolationKind.Lost], new Story { Looks = [Missing(4)] }.Verdict);

    [Fact]
    public void A_request_whose_outcome_is_unknown_may_have_made_a_job() => Assert.Empty(new Story { Requests = [Unknown(0)] }.Verdict);

    [Fact]
    public void A_request_whose_outcome_is_unknown_need_not_have_made_a_job() =>
        Assert.Empty(new Story { Requests = [Unknown(0)], Stored = [], Calls = [] }.Verdict);

    [Fact]
    public void A_refused_submission_that_is_in_the_store_is_unexpected() =>
        Assert.Equal([ViolationKind.Unexpected], new Story { Requests = [Refused(0)] }.Verdict);

    [Fact]
    public void A_refusal_that_follows_an_unknown_answer_leaves_it_open() => Assert.Empty(new Story { Key = "k", Requests = [Unknown(0), Refused(1)] }.Verdict);

    [Fact]
    public void A_job_that_nobody_submitted_is_unexpected() =>
        Assert.Contains(ViolationKind.Unexpected, new Story { Stored = [Job(Attempt(1, 1, 3)), Job(Attempt(1, 1, 3)) with { Id = Guid.NewGuid(), Token = "stranger" }] }.Verdict);

    [Fact]
    public void A_repeated_submission_that_names_the_same_job_is_one() => Assert.Empty(new Story { Key = "k", Requests = [Unknown(0), Accepted(1), Accepted(2)] }.Verdict);

    [Fact]
    public void Two_jobs_under_one_key_are_a_double() =>
        Assert.Equal([ViolationKind.Doubled], new Story { Key = "k", Requests = [Unknown(0), Accepted(1)], Stored = [Job(Attempt(1, 1, 3)), Job(Attempt(1, 1, 3)) with { Id = Guid.NewGuid() }] }.Verdict);

    [Fact]
    public void Two_answers_under_one_key_that_name_different_jobs_are_a_double() =>
        Assert.Contains(ViolationKind.Doubled, new Story { Key = "k", Requests = [Accepted(0), Accepted(1, Guid.NewGuid())] }.Verdict);

    [Fact]
    public void A_job_that_still_waits_at_the_end_is_unfinished() =>
        Assert.Equal([ViolationKind.Unfinished], new Story { Calls = [], Stored = [Job(Attempt(1, 1, 3)) with { State = "queued", Done = false, Attempt = 0, Attempts = [] }] }.Verdict);
}
