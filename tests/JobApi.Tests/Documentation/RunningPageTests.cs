using System.Globalization;
using System.Text.RegularExpressions;
using JobApi.Engine;
using JobApi.Engine.Execution;
using JobApi.Engine.Workers;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary><c>docs/running.md</c> and the compose file agree with the code about the end of the process.</summary>
public sealed partial class RunningPageTests
{
    private static readonly string Page = File.ReadAllText(SourceTree.At("docs/running.md"));

    [Fact]
    public void Every_exit_code_that_the_code_names_has_a_row()
    {
        var codes = SourceTree.CSharp("src").SelectMany(file => ExitCode().Matches(file.Code)).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.Contains($"\n| {code} | ", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Whoever_kills_the_server_waits_longer_than_it_takes_to_stop()
    {
        var longest = JobEngineServices.MaxShutdownTime(new WorkerOptions(), new ExecutionOptions()).TotalSeconds;
        var compose = File.ReadAllText(SourceTree.At("docker-compose.yml"));

        Assert.Contains($"at most **{longest} s**", Page, StringComparison.Ordinal);
        Assert.True(Seconds(UnitPatience().Match(Page)) >= longest + 30);
        Assert.True(Seconds(ComposePatience().Match(compose)) >= longest + 30);
    }

    private static int Seconds(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"const int ExitCode\w+ = (\d+);")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^TimeoutStopSec=(\d+)$", RegexOptions.Multiline)]
    private static partial Regex UnitPatience();

    [GeneratedRegex(@"^ +stop_grace_period: (\d+)s$", RegexOptions.Multiline)]
    private static partial Regex ComposePatience();
}
