using System.Text.RegularExpressions;

namespace JobApi.Tests.Architecture;

/// <summary>The rules of a job's life are values and functions: they take instants and draws as arguments and wait for nothing.</summary>
public sealed partial class LifecyclePurityTests
{
    [Fact]
    public void Lifecycle_has_no_clock_no_chance_no_input_or_output_and_nothing_to_wait_for() =>
        Assert.Empty(SourceTree.CSharp("src/JobApi.Engine/Lifecycle").SelectMany(Impurities));

    [Theory]
    [InlineData("using System.IO;")]
    [InlineData("record Job { Task Save() => Saving; }")]
    [InlineData("class Backoff(TimeProvider time);")]
    [InlineData("var jitter = Random.Shared.NextDouble();")]
    [InlineData("public async ValueTask<int> Count()")]
    public void An_impurity_is_caught(string code) => Assert.NotEmpty(Impurities(new("Lifecycle/Job.cs", code)));

    [Fact]
    public void Prose_about_a_clock_is_not_one() => Assert.Empty(Impurities(new("Lifecycle/Job.cs", "/// <summary>Never asks a TimeProvider.</summary>")));

    private static IEnumerable<string> Impurities(SourceFile file) => Impure().Matches(file.Code).Select(match => $"{file.Path}: {match.Value}");

    [GeneratedRegex(@"\b(System\.(IO|Net|Threading|Diagnostics)|TimeProvider|Stopwatch|Random|Task|ValueTask|async|await|lock|Thread|Timer|File|Stream|Console|ILogger)\b")]
    private static partial Regex Impure();
}
