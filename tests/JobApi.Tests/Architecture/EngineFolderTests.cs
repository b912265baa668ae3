namespace JobApi.Tests.Architecture;

/// <summary>Inside the engine, folders point down only.</summary>
public sealed class EngineFolderTests
{
    [Fact]
    public void Folders_of_the_engine_point_down_only() =>
        Assert.Empty(EngineFolders.Violations(SourceTree.CSharp("src/JobApi.Engine")));

    [Fact]
    public void Lifecycle_uses_no_other_room_and_storage_only_lifecycle()
    {
        Assert.Empty(EngineFolders.MayUse("Lifecycle"));
        Assert.Equal(["Lifecycle"], EngineFolders.MayUse("Storage"));
    }

    [Theory]
    [InlineData("Lifecycle/Job.cs", "using JobApi.Engine.Storage; namespace JobApi.Engine.Lifecycle;")]
    [InlineData("Storage/Memory.cs", "namespace JobApi.Engine.Storage; class Memory { JobApi.Engine.Workers.Pool? pool; }")]
    [InlineData("Storage/Memory.cs", "namespace JobApi.Engine.Storage; class Memory { Workers.Pool? pool; }")]
    [InlineData("Storage/Memory.cs", "namespace JobApi.Engine.Storage; class Memory { object Put(EngineServices services) => services; }")]
    [InlineData("Storage/Memory.cs", "namespace JobApi.Engine.Lifecycle; class Memory;")]
    [InlineData("Attic/Box.cs", "namespace JobApi.Engine.Attic; class Box;")]
    public void A_folder_that_points_up_is_caught(string path, string text) =>
        Assert.Single(EngineFolders.Violations(
        [
            new("src/JobApi.Engine/EngineServices.cs", "using JobApi.Engine.Workers; namespace JobApi.Engine; static class EngineServices;"),
            new("src/JobApi.Engine/Workers/Pool.cs", "using JobApi.Engine.Storage; namespace JobApi.Engine.Workers; class Pool;"),
            new($"src/JobApi.Engine/{path}", text),
        ]));
}
