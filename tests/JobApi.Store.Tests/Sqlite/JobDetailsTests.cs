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
        [nameof(JobDetails.Backoff)] = Plain with { Backoff = Plain.Backoff with { Base = TimeSpan.FromSeconds(77) } },
        [nameof(JobDetails.Retention)] = Plain with { Retention = TimeSpan.FromDays(1) },
        [nameof(JobDetails.Files)] = Plain with { Files = [Guid.NewGuid()] },
        [nameof(JobDetails.TraceParent)] = Plain with { TraceParent = "00-1" },
        [nameof(JobDetails.Unique)] = Plain with { Unique = new UniqueKey("u", UniqueConflict.Reject) },
        [nameof(JobDetails.FairnessKey)] = Plain with { FairnessKey = "f" },
        [nameof(JobDetails.ConcurrencyKey)] = Plain with { ConcurrencyKey = "another" },
        [nameof(JobDetails.ConcurrencyLimit)] = Plain with { ConcurrencyLimit = 3 },
    };

    /// <summary>All but the two that have columns.</summary>
    public static TheoryData<string> Members =>
        [.. typeof(JobDetails).GetConstructors()[0].GetParameters().Select(parameter => parameter.Name!).Except([nameof(JobDetails.Timeout), nameof(JobDetails.MaxAttempts)])];

    [Fact]
    public void A_job_that_asks_for_nothing_unusual_has_no_details()
    {
        Assert.Null(JobDetails.Write(Jobs.Spec() with { Backoff = JobDetails.UsualBackoff }));
        Assert.NotNull(JobDetails.Write(Jobs.Spec() with { Backoff = JobDetails.UsualBackoff with { Max = TimeSpan.FromMinutes(11) } }));
        Assert.True(JobDetails.Read(null).AreOf(Jobs.Spec() with { Backoff = JobDetails.UsualBackoff }));
    }

    [Fact]
    public void Details_of_earlier_versions_are_read_and_not_written_again()
    {
        var spec = Plain with { Timeout = TimeSpan.FromSeconds(30), MaxAttempts = 2 };
        var before = JobDetails.Read("""
            {"timeout":"00:00:30","maxAttempts":2,"backoff":{"kind":"Linear","base":"00:00:03","max":"00:10:00"},"concurrencyKey":"k","concurrencyLimit":2}
            """u8.ToArray());

        Assert.Equal((TimeSpan.FromSeconds(30), 2, BackoffKind.Linear), (before.Timeout, before.MaxAttempts, before.Backoff!.Kind));
        Assert.False(before.AreOf(spec with { Backoff = before.Backoff }));
        Assert.False((before with { Timeout = null }).AreOf(spec with { Backoff = before.Backoff }));
        Assert.False((before with { MaxAttempts = null }).AreOf(spec with { Backoff = before.Backoff }));
        Assert.True((before with { Timeout = null, MaxAttempts = null }).AreOf(spec with { Backoff = before.Backoff }));
    }

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
