using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace JobApi.Tests.Architecture;

/// <summary>Holds the project files and the compiled assemblies of <c>src/</c> against <see cref="ProjectRules.Table"/>.</summary>
public sealed class ProjectReferenceTests
{
    public static TheoryData<string> Projects =>
        [.. SourceTree.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_asks_only_for_what_its_row_of_the_table_grants(string project) =>
        Assert.Empty(ProjectRules.ViolationsOfProjectFile(project, File.ReadAllText(SourceTree.At($"src/{project}/{project}.csproj"))));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_compiled_project_references_nothing_it_must_never_see(string project) =>
        Assert.Empty(ProjectRules.ViolationsOfAssembly(project, ReferencesOf(project)));

    [Theory]
    [InlineData("JobApi.Engine", """<ProjectReference Include="../JobApi.Contracts/JobApi.Contracts.csproj" />""")]
    [InlineData("JobApi.Engine", """<PackageReference Include="Microsoft.Data.Sqlite" />""")]
    [InlineData("JobApi.Engine", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("JobApi.Engine", """<InternalsVisibleTo Include="JobApi.Jobs" />""")]
    [InlineData("JobApi.Contracts", """<PackageReference Include="Polly" />""")]
    [InlineData("JobApi.Jobs", """<ProjectReference Include="..\JobApi\JobApi.csproj" />""")]
    [InlineData("JobApi.Warehouse", "")]
    public void A_project_file_that_breaks_the_table_is_caught(string project, string item) =>
        Assert.Single(ProjectRules.ViolationsOfProjectFile(project, $"<Project><ItemGroup>{item}</ItemGroup></Project>"));

    [Theory]
    [InlineData("JobApi.Engine", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("JobApi.Engine", "JobApi.Contracts")]
    [InlineData("JobApi.Client", "JobApi.Engine")]
    [InlineData("JobApi", "Npgsql")]
    public void An_assembly_that_breaks_the_table_is_caught(string project, string reference) =>
        Assert.Single(ProjectRules.ViolationsOfAssembly(project, ["System.Runtime", reference]));

    private static List<string> ReferencesOf(string project)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll")));
        var metadata = image.GetMetadataReader();

        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
