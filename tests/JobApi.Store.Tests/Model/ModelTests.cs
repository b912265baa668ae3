using CsCheck;
using JobApi.Engine.Storage;
using JobApi.Store.Tests.Contract;
using JobApi.Store.Tests.InMemory;
using JobApi.Store.Tests.Sqlite;

namespace JobApi.Store.Tests.Model;

/// <summary>Thousands of random lives of a store. A failing one is shrunk by CsCheck to a short story.</summary>
public sealed class ModelTests
{
    /// <summary>Each writes to a real disk.</summary>
    private const int FileLives = 300;

    [Fact]
    public Task Whatever_happens_the_store_answers_as_the_model_says() => Command.Sequences.SampleAsync(
        async commands => await TellAsync<InMemoryStoreUnderTest>(commands),
        iter: 2_000,
        print: Print);

    /// <summary>Ends, crashes and new starts of the file among the commands.</summary>
    [Fact]
    public Task The_file_store_tells_the_same_story_as_the_model() => Command.Sequences.SampleAsync(
        async commands => Assert.Equal(await TellAsync<InMemoryStoreUnderTest>(commands), await TellAsync<SqliteStoreUnderTest>(commands)),
        iter: FileLives,
        print: Print);

    private static async Task<IReadOnlyList<string>> TellAsync<TStore>(Command[] commands)
        where TStore : IStoreUnderTest, new()
    {
        await using var store = new TStore();
        await store.OpenAsync(new StoreOptions());
        var runner = new CommandRunner(store);

        await runner.RunAsync(commands);

        return runner.Story;
    }

    private static string Print(Command[] commands) => string.Join(Environment.NewLine, commands.Select(command => command.ToString()));
}
