using System.Text.RegularExpressions;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>The pages on decisions know of each other.</summary>
public sealed partial class DecisionTests
{
    [Fact]
    public void A_decision_that_amends_another_is_named_there()
    {
        var heads = SourceTree.Files("docs/decisions", "0*.md").ToDictionary(Number, Head);
        var amended = heads.SelectMany(page => Numbers(Amends(), page.Value).Select(earlier => (Earlier: earlier, Later: page.Key))).ToList();

        Assert.NotEmpty(amended);
        Assert.All(amended, pair => Assert.Contains(pair.Later, Numbers(AmendedBy(), heads[pair.Earlier])));
        Assert.Equal(amended.Count, heads.Sum(page => Numbers(AmendedBy(), page.Value).Count));
    }

    private static string Number(string page) => Path.GetFileName(page)[..4];

    /// <summary>What stands before the decision itself.</summary>
    private static string Head(string page) => File.ReadAllText(SourceTree.At(page)).Split("**Decision.**")[0];

    private static IReadOnlyList<string> Numbers(Regex sentence, string head) =>
        [.. sentence.Matches(head).SelectMany(match => Link().Matches(match.Value)).Select(link => link.Groups["number"].Value)];

    [GeneratedRegex(@"Amends .*?(?=Amended by|\*\s*$)", RegexOptions.Singleline)]
    private static partial Regex Amends();

    [GeneratedRegex(@"Amended by .*?(?=\*\s*$)", RegexOptions.Singleline)]
    private static partial Regex AmendedBy();

    [GeneratedRegex(@"\[(?<number>\d{4})\]")]
    private static partial Regex Link();
}
