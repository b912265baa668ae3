using System.Reflection;
using JobApi.Refusals;
using JobApi.Testing;

namespace JobApi.Tests.Refusals;

/// <summary>The page that explains the problems, and the code that gives them.</summary>
public sealed class ProblemListTests
{
    [Fact]
    public void The_page_explains_every_problem_and_no_other()
    {
        var explained = File.ReadLines(Path.Combine(ServerProcess.Repository, "docs", "problems.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToArray();

        Assert.Equal(
            ProblemType.All.Select(type => $"`{type.Word}` {type.Status}").Order(StringComparer.Ordinal),
            explained.Select(row => $"{row[1]} {row[2]}").Order(StringComparer.Ordinal));
        Assert.All(explained, row => Assert.True(row[3].Length > 10 && row[4].Length > 10, row[1]));
    }

    [Fact]
    public void The_list_of_all_problems_is_complete_and_each_is_unmistakable()
    {
        var declared = typeof(ProblemType).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (ProblemType)field.GetValue(null)!).ToArray();

        Assert.Equal(declared, ProblemType.All);
        Assert.Equal(declared.Length, declared.Select(type => type.Urn).Distinct().Count());
    }
}
