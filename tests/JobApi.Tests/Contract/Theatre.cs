namespace JobApi.Tests.Contract;

/// <summary>A stage for every store and situation, opened when the first row needs it.</summary>
public sealed class Theatre : IAsyncLifetime
{
    private readonly Dictionary<(string, Situation), Lazy<Task<Stage>>> _stages = (
        from store in ContractCases.Stores
        from situation in Enum.GetValues<Situation>()
        select (store, situation)).ToDictionary(place => place, place => new Lazy<Task<Stage>>(() => Stage.OpenAsync(place.store, place.situation)));

    internal Task<Stage> StageAsync(string store, Situation situation) => _stages[(store, situation)].Value;

    internal async Task<ServedContract> ContractAsync(string store) =>
        new((await (await StageAsync(store, Situation.Usual)).Api.GetAsync("/swagger/v1/swagger.json")).Json);

    /// <inheritdoc />
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        foreach (var stage in _stages.Values.Where(stage => stage.IsValueCreated))
        {
            await (await stage.Value).DisposeAsync();
        }
    }
}
