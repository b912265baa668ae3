using JobApi.Engine.Execution;
using JobApi.Engine.Storage;
using JobApi.Engine.Tests.Support;
using JobApi.Testing;
using Microsoft.Extensions.Options;

namespace JobApi.Engine.Tests.Upkeep;

public sealed class RetentionTests
{
    [Fact]
    public async Task Types_and_ends_are_kept_as_the_settings_say()
    {
        await using var engine = await Host()
            .With("Retention:Types:quick:Succeeded", "00:00:30")
            .With("Retention:Types:large:MaxFailedBytes", 0)
            .With("Retention:MaxCanceledBytes", 0)
            .StartAsync();
        var quick = await engine.EndOfAsync(await engine.SubmitAsync("quick"));
        var large = await engine.EndOfAsync(await engine.SubmitAsync("large"));
        var bad = await engine.EndOfAsync(await engine.SubmitAsync("bad"));
        var canceled = await engine.SubmitAsync("quick", draft => draft with { RunAt = engine.Time.GetUtcNow().AddDays(1) });
        await engine.Get<IJobControl>().CancelAsync(JobSelection.Of(canceled.Id), Jobs.Asked(), engine.Time.GetUtcNow(), CancellationToken.None);

        // A round of deleting comes every ten seconds: the bounds are met in the first, the age in the third.
        await GoneAsync(engine, TimeSpan.FromSeconds(10), canceled.Id, large.Id);
        Assert.NotNull(await engine.Results.FindAsync(quick.Id, CancellationToken.None));

        await GoneAsync(engine, TimeSpan.FromSeconds(20), quick.Id);
        Assert.NotNull(await engine.Results.FindAsync(bad.Id, CancellationToken.None));
    }

    [Theory]
    [InlineData("Retention:Types:square:MaxBytes", "1", "square is about a job type that there is not; there are bad, large, quick.")]
    [InlineData("Retention:Types:quick:Failed", "4000.00:00:00", "JobApi:Retention:Types:quick: The field Failed must be between")]
    [InlineData("Retention:MaxFailedBytes", "268435457", "JobApi:Retention:MaxFailedBytes (268435457) is larger than JobApi:Retention:MaxBytes (268435456)")]
    [InlineData("Retention:Types:quick:MaxBytes", "268435457", "quick:MaxBytes (268435457) is larger than JobApi:Retention:MaxBytes (268435456)")]
    [InlineData("Retention:MaxSucceededBytes", "-1", "MaxSucceededBytes")]
    public async Task A_rule_that_cannot_work_stops_the_start(string setting, string value, string said)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => Host().With(setting, value).StartAsync());

        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    private static EngineHost Host() => new EngineHost()
        .Handle("quick", (_, _) => Task.FromResult<Attempt<string>>("done"))
        .Handle("large", (_, _) => Task.FromResult<Attempt<string>>(Failure.Permanent("no")))
        .Handle("bad", (_, _) => Task.FromResult<Attempt<string>>(Failure.Permanent("no")));

    private static async Task GoneAsync(EngineHost engine, TimeSpan after, params Guid[] ids)
    {
        await engine.AdvanceAsync(after);
        var reader = engine.Get<IJobReader>();
        await EngineHost.UntilAsync(() => ids.All(id => reader.IsGoneAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult()));
    }
}
