using System.Text.RegularExpressions;
using JobApi.Engine.Lifecycle;

namespace JobApi.Engine.Tests.Lifecycle;

/// <summary>Keeps the picture in the documentation and the moves in the code the same.</summary>
public sealed partial class JobLifecycleDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "job-lifecycle.md"));

    [Fact]
    public void The_picture_shows_every_move_once_and_no_other()
    {
        var arrows = Arrow().Matches(Document).Select(arrow => (From: State(arrow.Groups["from"].Value), To: State(arrow.Groups["to"].Value))).ToList();

        Assert.Equal(JobLifecycle.Moves.Order(), arrows.Order());
    }

    [Fact]
    public void The_picture_starts_where_submitted_jobs_stand()
    {
        var starts = Start().Matches(Document).Select(arrow => State(arrow.Groups["to"].Value));

        Assert.Equal([JobState.Queued, JobState.Scheduled], starts);
    }

    [Fact]
    public void The_number_of_crashes_in_the_text_is_the_one_in_the_code() =>
        Assert.Contains($"At {JobLifecycle.MaxCrashes} the job is `failed`", Document, StringComparison.Ordinal);

    private static JobState State(string name) => Enum.Parse<JobState>(name, ignoreCase: true);

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(folder, "JobApi.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }

    [GeneratedRegex(@"^  (?<from>\w+) --> (?<to>\w+):", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^  \[\*\] --> (?<to>\w+):", RegexOptions.Multiline)]
    private static partial Regex Start();
}
