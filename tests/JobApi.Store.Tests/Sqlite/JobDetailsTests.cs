using JobApi.Engine.Lifecycle;
using JobApi.Sqlite.Tables;
using JobApi.Testing;

namespace JobApi.Store.Tests.Sqlite;

/// <summary>The latest words are kept for the next job that asks for the same: the next one that asks for anything else must not get them.</summary>
public sealed class JobDetailsTests
{
    private static readonly JobSpec Plain = Jobs.Spec() with { ConcurrencyKey = "k", ConcurrencyLimit = 2 };

    private static readonly Dictionary<string, JobSpec> Others = new()
    {
        [nameof(JobDetails.RunAt)] = Plain with { RunAt = Plain.CreatedAt.AddSeconds(1) },
        [nameof(JobDetails.Timeout)] = Plain with { Timeout = TimeSpan.FromSeconds(1) },
        [nameof(JobDetails.MaxAttempts)] = Plain with { MaxAttempts = 99 },
        [nameof(JobDetails.Backoff)] = Plain with { Backoff = Plain.Backoff with { Base = TimeSpan.FromSeconds(77) } },
        [nameof(JobDetails.Retention)] = Plain with { Retention = TimeSpan.FromDays(1) },
        [nameof(JobDetails.Files)] = Plain with { Files = [Guid.NewGuid()] },
        [nameof(JobDetails.TraceParent)] = Plain with { TraceParent = "00-1" },
        [nameof(JobDetails.Unique)] = Plain with { Unique = new UniqueKey("u", UniqueConflict.Reject) },
        [nameof(JobDetails.FairnessKey)] = Plain with { FairnessKey = "f" },
        [nameof(JobDetails.ConcurrencyKey)] = Plain with { ConcurrencyKey = "another" },
        [nameof(JobDetails.ConcurrencyLimit)] = Plain with { ConcurrencyLimit = 3 },
    };

    public static TheoryData<string> Members => [.. typeof(JobDetails).GetConstructors()[0].GetParameters().Select(parameter => parameter.Name!)];

    [Theory]
    [MemberData(nameof(Members))]
    public void A_job_that_asks_for_something_else_gets_words_of_its_own(string member)
    {
        var other = Others[member];
        var plain = JobDetails.Write(Plain);

        var words = JobDetails.Write(other);

        Assert.NotEqual(plain, words);
        Assert.NotEqual(Value(JobDetails.Read(plain), member), Value(JobDetails.Read(words), member));

        // And the other way round.
        Assert.Equal(words, JobDetails.Write(other));
        Assert.Equal(plain, JobDetails.Write(Plain));
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Details_are_of_a_job_that_asks_for_all_of_them_and_of_no_other(string member)
    {
        var (plain, other) = (JobDetails.Read(JobDetails.Write(Plain)), JobDetails.Read(JobDetails.Write(Others[member])));

        Assert.True(plain.AreOf(Plain));
        Assert.False(plain.AreOf(Others[member]));
        Assert.False(other.AreOf(Plain));
    }

    private static object? Value(JobDetails details, string member) => typeof(JobDetails).GetProperty(member)!.GetValue(details);
}
