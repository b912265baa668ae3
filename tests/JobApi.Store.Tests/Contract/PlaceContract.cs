using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;

namespace JobApi.Store.Tests.Contract;

/// <summary>A place is the number of the claim that takes the job, however many lanes there are.</summary>
public abstract class PlaceContract<TStore> : StoreContract<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Theory]
    [InlineData("fairness")]
    [InlineData("concurrency")]
    public async Task Places_are_exact_among_thousands_of_keys(string kind)
    {
        var jobs = await GivenAsync(Enumerable.Range(0, 3_000).Select(number => kind == "fairness"
            ? Spec() with { FairnessKey = $"key-{number}" }
            : Spec() with { ConcurrencyKey = $"key-{number}" }));

        Assert.Equal([1, 2, 777, 1_000, null, null], await PlacesAsync(1_000, [jobs[0], jobs[1], jobs[776], jobs[999], jobs[1_000], jobs[2_999]]));

        Assert.Equal(Ids(jobs.Take(100)), await ClaimedIdsAsync(100));
        Assert.Equal([1, 900, 1_000, null], await PlacesAsync(1_000, [jobs[100], jobs[999], jobs[1_099], jobs[1_100]]));
    }

    [Fact]
    public async Task A_key_with_thousands_of_lanes_takes_one_turn_like_the_others()
    {
        var big = await GivenAsync(Enumerable.Range(0, 2_500).Select(number => Spec() with { FairnessKey = "big", ConcurrencyKey = $"key-{number}" }));
        var small = await GivenAsync([Spec() with { FairnessKey = "small" }, Spec("sleep") with { FairnessKey = "small" }]);

        Assert.Equal([1, 2, 4, 5, 1_000], await PlacesAsync(1_000, [big[0], small[0], small[1], big[2], big[997]]));
    }

    [Fact]
    public async Task A_key_with_hundreds_of_lanes_is_followed_to_the_end_behind_keys_that_have_one_job()
    {
        await GivenAsync(Enumerable.Range(0, 50).Select(number => Spec() with { FairnessKey = $"small-{number}" }));
        var big = await GivenAsync(Enumerable.Range(0, 900).Select(number => Spec() with { FairnessKey = "big", ConcurrencyKey = $"key-{number}" }));

        Assert.Equal([51, 52, 550, 950], await PlacesAsync(1_000, [big[0], big[1], big[499], big[899]]));
    }

    [Fact]
    public async Task Places_are_exact_when_thousands_of_keys_have_had_a_turn_and_wait_for_the_next()
    {
        var jobs = await GivenAsync(Enumerable.Range(0, 5_000).Select(number => Spec() with { FairnessKey = $"key-{number % 2_500}" }));

        for (var turn = 0; turn < 5; turn++)
        {
            Assert.Equal(500, (await ClaimedIdsAsync(500)).Length);
        }

        Assert.Equal([1, 2, 1_000, null], await PlacesAsync(1_000, [jobs[2_500], jobs[2_501], jobs[3_499], jobs[3_500]]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Places_foretell_the_claims_whatever_the_priorities_keys_and_types(int seed)
    {
        var draw = new Random(seed);
        var jobs = await GivenAsync(Enumerable.Range(0, 400).Select(_ => Spec(draw.Next(2) == 0 ? "square" : "sleep") with
        {
            Priority = draw.Next(2),
            Queue = $"queue-{draw.Next(2)}",
            FairnessKey = draw.Next(3) == 0 ? null : $"key-{draw.Next(40)}",
            ConcurrencyKey = draw.Next(3) == 0 ? $"customer-{draw.Next(30)}" : null,
            ConcurrencyLimit = 1_000,
        }));
        await ClaimAsync(max: 30);

        var places = new Dictionary<Guid, int?>();

        foreach (var job in jobs)
        {
            places[job.Id] = await Reader.PlaceAsync(job, 60, Token);
        }

        var claimed = await ClaimedIdsAsync(60);
        Assert.Equal(Enumerable.Range(1, 60), claimed.Select(id => places[id] ?? 0));
        Assert.Equal(60, places.Values.Count(place => place is not null));
    }

    [Fact]
    public async Task Places_stay_exact_when_the_first_jobs_of_lanes_have_left()
    {
        var jobs = await GivenAsync(Enumerable.Range(0, 60).Select(number => Spec() with { FairnessKey = $"key-{number % 20}" }));

        foreach (var job in jobs.Take(10))
        {
            await CancelAsync(job);
        }

        var places = await PlacesAsync(100, [.. jobs.Skip(10)]);

        var claimed = await ClaimedIdsAsync(100);
        Assert.Equal(jobs.Skip(10).Select(job => (int?)Array.IndexOf(claimed, job.Id) + 1), places);
    }

    [Fact]
    public async Task A_new_start_knows_the_places()
    {
        var jobs = await GivenAsync(Enumerable.Range(0, 1_500).Select(number => Spec() with { FairnessKey = $"key-{number}" }));
        await ReopenAsync();

        Assert.Equal([1, 1_000, null], await PlacesAsync(1_000, [jobs[0], jobs[999], jobs[1_000]]));
    }

    private async Task<Job[]> GivenAsync(IEnumerable<JobSpec> specs)
    {
        var jobs = new List<Job>();

        foreach (var some in specs.Chunk(500))
        {
            jobs.AddRange(Assert.IsType<InsertOutcome.Inserted>(await SubmitAsync(some)).Jobs);
        }

        return [.. jobs];
    }

    private async Task<int?[]> PlacesAsync(int max, params Job[] jobs)
    {
        var places = new List<int?>();

        foreach (var job in jobs)
        {
            places.Add(await Reader.PlaceAsync(job, max, Token));
        }

        return [.. places];
    }
}
