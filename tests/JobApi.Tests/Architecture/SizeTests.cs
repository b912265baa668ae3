namespace JobApi.Tests.Architecture;

/// <summary>Files stay small enough to be read in one sitting.</summary>
public sealed class SizeTests
{
    private const int Ceiling = 300;
    private const int TestCeiling = 500;

    [Fact]
    public void The_source_files_are_short() => Assert.Empty(SourceViolations(SourceTree.CSharp("src")));

    [Fact]
    public void The_test_files_stay_under_their_ceiling() => Assert.Empty(TooLong(SourceTree.CSharp("tests"), TestCeiling));

    [Theory]
    [InlineData(new[] { 60, 60, 60 }, 1)]
    [InlineData(new[] { 10, 10, 10, 10, 150 }, 1)]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 301 }, 1)]
    [InlineData(new[] { 59, 59, 59, 59, 149 }, 0)]
    public void A_rule_that_is_broken_is_caught(int[] lines, int violations) =>
        Assert.Equal(violations, SourceViolations([.. lines.Select(count => new SourceFile("x.cs", string.Join('\n', Enumerable.Repeat(";", count))))]).Count());

    private static IEnumerable<string> SourceViolations(IReadOnlyCollection<SourceFile> files)
    {
        var lengths = files.Select(file => file.Lines).Order().ToList();

        if (Percentile(lengths, 50) >= 60)
        {
            yield return $"The median file has {Percentile(lengths, 50)} lines; it must stay under 60.";
        }

        if (Percentile(lengths, 90) >= 150)
        {
            yield return $"The 90th percentile is {Percentile(lengths, 90)} lines; it must stay under 150.";
        }

        foreach (var violation in TooLong(files, Ceiling))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> TooLong(IEnumerable<SourceFile> files, int ceiling) =>
        files.Where(file => file.Lines > ceiling).Select(file => $"{file.Path} has {file.Lines} lines; the ceiling is {ceiling}.");

    // Nearest rank: the smallest length that at least that share of the files does not exceed.
    private static int Percentile(List<int> sorted, int percent) => sorted[((sorted.Count * percent) + 99) / 100 - 1];
}
