using CsCheck;
using JobApi.Engine.Storage;
using JobApi.Store.Tests.InMemory;

namespace JobApi.Store.Tests.Model;

/// <summary>Thousands of random lives of a store. A failing one is shrunk by CsCheck to a short story.</summary>
public sealed class ModelTests
{
    [Fact]
    public Task Whatever_happens_the_store_answers_as_the_model_says() => Command.Sequences.SampleAsync(
        async commands => await TellAsync(commands),
        iter: 2_000,
        print: Print);

    /// <summary>Another store is put in the place of the second one here.</summary>
    [Fact]
    public Task Two_stores_with_the_same_life_tell_the_same_story() => Command.Sequences.SampleAsync(
        async commands => Assert.Equal(await TellAsync(commands), await TellAsync(commands)),
        iter: 100,
        print: Print);

    private static async Task<IReadOnlyList<string>> TellAsync(Command[] commands)
    {
        await using var store = new InMemoryStoreUnderTest();
        await store.OpenAsync(new StoreOptions());
        var runner = new CommandRunner(store);

        await runner.RunAsync(commands);

        return runner.Story;
    }

    private static string Print(Command[] commands) => string.Join(Environment.NewLine, commands.Select(command => command.ToString()));
}
