namespace JobApi.Engine.Execution;

/// <summary>What a handler returns: its result or a <see cref="Execution.Failure"/>. Both convert to it implicitly.</summary>
/// <typeparam name="TResult">What the job is for.</typeparam>
public sealed class Attempt<TResult>
{
    private Attempt(TResult? result, Failure? failure)
    {
        Result = result;
        Failure = failure;
    }

    /// <summary>The result; meaningful only when <see cref="Failure"/> is null.</summary>
    public TResult? Result { get; }

    /// <summary>Why there is no result.</summary>
    public Failure? Failure { get; }

    /// <summary>The attempt succeeded.</summary>
    public static implicit operator Attempt<TResult>(TResult result) => new(result, null);

    /// <summary>The attempt failed in a way the handler understands.</summary>
    public static implicit operator Attempt<TResult>(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new Attempt<TResult>(default, failure);
    }
}

/// <summary>A failure the handler understands: it says whether another attempt could end differently.</summary>
public abstract record Failure
{
    private Failure(string detail, string type, string title)
    {
        Detail = detail;
        Type = type;
        Title = title;
    }

    /// <summary>A short stable word that programs can branch on.</summary>
    public string Type { get; }

    /// <summary>The kind of problem in words, the same for every failure of this type.</summary>
    public string Title { get; }

    /// <summary>What happened this time.</summary>
    public string Detail { get; }

    /// <summary>May pass: the job is tried again while its budget lasts.</summary>
    /// <param name="detail">What happened.</param>
    /// <param name="after">The least pause before the next attempt, if the cause named one.</param>
    /// <param name="type">A short stable word.</param>
    /// <param name="title">The kind of problem in words.</param>
    public static Failure Temporary(string detail, TimeSpan? after = null, string type = "temporary", string title = "The attempt failed and may succeed later") =>
        new TemporaryFailure(detail, after, type, title);

    /// <summary>Will not pass: the job fails at once, whatever budget is left.</summary>
    /// <param name="detail">What happened.</param>
    /// <param name="type">A short stable word.</param>
    /// <param name="title">The kind of problem in words.</param>
    public static Failure Permanent(string detail, string type = "permanent", string title = "The job cannot succeed") =>
        new PermanentFailure(detail, type, title);

    /// <summary>
    /// Turned away before anything was done, such as by a rate limit: the job waits and no budget is charged.
    /// </summary>
    /// <param name="detail">What turned it away.</param>
    /// <param name="after">How long to wait; a second when that is not positive.</param>
    public static Failure RateLimited(string detail, TimeSpan after) => new RateLimitedFailure(detail, after);

    /// <summary>What <see cref="Temporary"/> makes; public so that a handler's test can tell.</summary>
    /// <param name="Detail">What happened.</param>
    /// <param name="After">The least pause before the next attempt.</param>
    /// <param name="Type">A short stable word.</param>
    /// <param name="Title">The kind of problem in words.</param>
    public sealed record TemporaryFailure(string Detail, TimeSpan? After, string Type, string Title) : Failure(Detail, Type, Title);

    /// <summary>What <see cref="Permanent"/> makes.</summary>
    /// <param name="Detail">What happened.</param>
    /// <param name="Type">A short stable word.</param>
    /// <param name="Title">The kind of problem in words.</param>
    public sealed record PermanentFailure(string Detail, string Type, string Title) : Failure(Detail, Type, Title);

    /// <summary>What <see cref="RateLimited"/> makes.</summary>
    /// <param name="Detail">What turned it away.</param>
    /// <param name="After">How long to wait.</param>
    public sealed record RateLimitedFailure(string Detail, TimeSpan After) : Failure(Detail, "rate-limited", "A rate limit is used up");
}
