using JobApi.Contracts;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Results;
using JobApi.Engine.Submission;
using JobApi.Refusals;
using JobApi.Requests;

namespace JobApi.Endpoints;

/// <summary><c>POST /jobs</c>.</summary>
internal static class SubmitEndpoint
{
    public static async Task<IResult> SubmitAsync(
        JobBody body,
        IdempotencyKeyHeader key,
        WaitPreference wait,
        HttpContext http,
        JobSubmitter submitter,
        Answer answer,
        CancellationToken cancellationToken)
    {
        // No token: a client that leaves must not cut a commit that has begun. The same key will find the job.
        var submitted = await submitter.SubmitAsync(body.Draft(key.Value), CancellationToken.None);

        return submitted switch
        {
            SubmitResult.Accepted accepted => await answer.AcceptAsync(accepted.Job, wait, http.Response, cancellationToken),
            SubmitResult.Replayed replayed => await answer.ReplayAsync(replayed.Job, wait, http.Response, cancellationToken),
            SubmitResult.Existing existing => await answer.ReturnAsync(existing.Job, wait, http.Response, cancellationToken),
            _ => Refuse(submitted),
        };
    }

    /// <summary>How a job that was not stored is answered.</summary>
    public static Problem Refuse(SubmitResult submitted) => submitted switch
    {
        SubmitResult.UnknownType unknown => Problems.UnknownJobType(unknown.Type),
        SubmitResult.Invalid invalid => Problems.InvalidJob(invalid.Errors),
        SubmitResult.UniqueKeyHeld held => Problems.UniqueKeyHeld(held.Holder),
        SubmitResult.KeyReused => Problems.IdempotencyKeyReused(),
        SubmitResult.Gone => Problems.KeyedJobGone(),
        SubmitResult.NotAccepted no => Problems.NotAccepted(no.Why, no.RetryAfter),
        _ => throw new InvalidOperationException($"{submitted.GetType().Name} is no refusal, or one without an answer: SubmitResult is a closed set."),
    };

    /// <summary>How a stored job is answered.</summary>
    internal sealed class Answer(ResultsStore results, JobResponses responses, ExpectedWait expected, TimeProvider time)
    {
        public Task<IResult> ReplayAsync(
            Job job, WaitPreference wait, HttpResponse response, CancellationToken cancellationToken)
        {
            response.Headers["Idempotency-Replayed"] = "true";
            return AcceptAsync(job, wait, response, cancellationToken);
        }

        public Task<IResult> ReturnAsync(
            Job job, WaitPreference wait, HttpResponse response, CancellationToken cancellationToken)
        {
            response.Headers["Unique-Existing"] = "true";
            return AcceptAsync(job, wait, response, cancellationToken);
        }

        public async Task<IResult> AcceptAsync(
            Job job, WaitPreference wait, HttpResponse response, CancellationToken cancellationToken)
        {
            var waited = wait.AtMost > TimeSpan.Zero && !job.State.IsTerminal()
                ? await results.WaitAsync(job.Id, static job => job.State.IsTerminal(), wait.AtMost, cancellationToken)
                : new Waited(job);

            // A job that was deleted while we waited is answered as it was accepted.
            job = waited.Job ?? job;
            response.AddApplied(wait, waited);

            var body = responses.Of(job);
            response.AddRetryAfter(job, time, await expected.StartOfAsync(job, cancellationToken));

            response.Headers.Location = body.Links.Self;

            return new JsonAnswer<JobResponse>(body.Done ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, body);
        }
    }
}
