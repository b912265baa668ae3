using JobApi.Engine.Execution;

namespace JobApi.Jobs.Tests.Support;

/// <summary>Says what a test expects of an attempt.</summary>
internal static class Attempts
{
    public static T Succeeded<T>(this Attempt<T> attempt)
    {
        Assert.Null(attempt.Failure);
        return attempt.Result!;
    }

    public static Failure.PermanentFailure FailedForGood<T>(this Attempt<T> attempt, string type)
    {
        Assert.Equal(type, attempt.Failure?.Type);
        return Assert.IsType<Failure.PermanentFailure>(attempt.Failure);
    }

    public static Failure.TemporaryFailure FailedForNow<T>(this Attempt<T> attempt, string type)
    {
        Assert.Equal(type, attempt.Failure?.Type);
        return Assert.IsType<Failure.TemporaryFailure>(attempt.Failure);
    }
}
