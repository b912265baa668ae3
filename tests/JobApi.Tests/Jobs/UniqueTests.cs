using JobApi.Tests.Support;

namespace JobApi.Tests.Jobs;

public sealed class UniqueTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private readonly Api _api = server.Api;

    [Fact]
    public async Task While_a_job_holds_a_key_another_is_refused_or_answered_with_it()
    {
        var holder = await _api.PostAsync("/jobs", Later("a"));

        var refused = await _api.PostAsync("/jobs", Later("a"));
        var returned = await _api.PostAsync("/jobs", Later("a", "return"));

        refused.IsProblem(409, "unique-key-held");
        Assert.Contains(holder.Text("id"), refused.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((202, holder.Text("id"), "true"), (returned.Status, returned.Text("id"), returned.Header("Unique-Existing")));
        Assert.Equal(holder.Header("Location"), returned.Header("Location"));
        Assert.Null(holder.Header("Unique-Existing"));
    }

    [Fact]
    public async Task A_key_is_free_again_when_its_job_has_ended()
    {
        var first = await _api.PostAsync("/jobs?wait=30", """{"type":"echo","payload":{"text":"u"},"unique":{"key":"ended"}}""");

        var second = await _api.PostAsync("/jobs", """{"type":"echo","payload":{"text":"u"},"unique":{"key":"ended"}}""");

        Assert.Equal((200, 202), (first.Status, second.Status));
        Assert.NotEqual(first.Text("id"), second.Text("id"));
    }

    [Fact]
    public async Task A_retry_is_refused_while_another_job_holds_the_key()
    {
        var first = (await _api.PostAsync("/jobs?wait=30", """{"type":"fail","payload":{"permanent":true},"unique":{"key":"retry"}}""")).Text("id");
        await _api.PostAsync("/jobs", Later("retry"));

        (await _api.PostAsync($"/jobs/{first}/retry")).IsProblem(409, "unique-key-held");
    }

    [Fact]
    public async Task Of_twins_at_the_same_time_one_is_stored()
    {
        var twins = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _api.PostAsync("/jobs", Later("twins", "return"))));

        Assert.Single(twins.Select(twin => twin.Text("id")).Distinct());
        Assert.Single(twins, twin => twin.Header("Unique-Existing") is null);
    }

    [Fact]
    public async Task In_a_bulk_each_job_is_answered_as_alone()
    {
        var bulk = await _api.PostAsync("/jobs/bulk", $"[{Later("bulk")},{Later("bulk")},{Later("bulk", "return")},{Later("other")}]");
        var items = bulk["items"].EnumerateArray().ToArray();

        Assert.Equal([202, 409, 202, 202], items.Select(item => item.GetProperty("status").GetInt32()));
        Assert.Equal(items[0].GetProperty("job").GetProperty("id").GetString(), items[2].GetProperty("job").GetProperty("id").GetString());
        Assert.Equal([false, false, true, false], items.Select(item => item.TryGetProperty("existing", out _)));
    }

    [Fact]
    public async Task All_or_none_names_the_jobs_whose_keys_are_held_and_takes_holders_where_they_were_asked_for()
    {
        var holder = (await _api.PostAsync("/jobs", Later("atomic"))).Text("id");

        (await _api.PostAsync("/jobs/bulk?atomic=true", $"[{Later("fresh")},{Later("atomic")}]")).IsProblem(422, "bulk-refused", "/1");
        (await _api.PostAsync("/jobs/bulk?atomic=true", $"[{Later("twice")},{Later("twice")}]")).IsProblem(422, "bulk-refused", "/1/unique/key");
        var stored = await _api.PostAsync("/jobs/bulk?atomic=true", $"[{Later("fresh")},{Later("atomic", "return")},{Later("fresh", "return")}]");

        var jobs = stored["items"].EnumerateArray().Select(item => item.GetProperty("job").GetProperty("id").GetString()).ToArray();
        Assert.Equal(202, stored.Status);
        Assert.Equal((holder, jobs[0]), (jobs[1], jobs[2]));
        Assert.NotEqual(holder, jobs[0]);
    }

    [Fact]
    public async Task A_bulk_has_an_idempotency_key_or_unique_jobs_but_not_both()
    {
        var bulk = await _api.PostAsync("/jobs/bulk", $"[{Later("both")}]", ("Idempotency-Key", "both"));

        Assert.Equal(422, bulk["items"][0].GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("""{"key":""}""", "invalid-request", "/unique/key")]
    [InlineData("""{"key":"k","onConflict":"Return"}""", "invalid-request", "/unique/onConflict")]
    [InlineData("""{"onConflict":"return"}""", "malformed-json", "/unique")]
    public async Task A_key_is_checked(string unique, string word, string place) =>
        (await _api.PostAsync("/jobs", $$"""{"type":"echo","payload":{"text":"u"},"unique":{{unique}} }""")).IsProblem(400, word, place);

    private static string Later(string key, string onConflict = "reject") =>
        $$"""{"type":"echo","payload":{"text":"u"},"delaySeconds":1000,"unique":{"key":"{{key}}","onConflict":"{{onConflict}}"} }""";
}
