using System.Net;
using System.Net.Sockets;
using JobApi.Testing;
using JobApi.Tests.Architecture;

namespace JobApi.Tests.Documentation;

/// <summary>What the README prints is what happens.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(SourceTree.At("README.md"));

    [Fact]
    public void The_first_screen_holds_exactly_two_commands_one_that_starts_and_one_that_tests()
    {
        var screen = string.Join('\n', Readme.Split('\n').Take(24));

        var commands = QuickStart.Read(screen).SelectMany(step => step.Commands.Split('\n')).ToList();

        Assert.Collection(
            commands,
            start => Assert.StartsWith("dotnet run ", start, StringComparison.Ordinal),
            test => Assert.StartsWith("dotnet test", test, StringComparison.Ordinal));
    }

    [ToolFact("bash", "curl", "jq")]
    public async Task The_quick_start_does_what_it_prints()
    {
        var start = QuickStart.Read(Readme)[0].Commands;
        var steps = QuickStart.Read(QuickStart.Section(Readme, "Quick start"));
        await using var server = await PrintedServer.StartAsync(start);
        var folder = Directory.CreateTempSubdirectory("jobapi-readme-");

        try
        {
            // The reader stands in the root of the repository; the downloads must not land there.
            folder.CreateSubdirectory("http-requests");
            File.Copy(SourceTree.At("http-requests/photo.jpg"), Path.Combine(folder.FullName, "http-requests/photo.jpg"));

            var outputs = await Shell.RunAsync(steps.Select(step => step.Commands), folder.FullName, TimeSpan.FromMinutes(2));

            Assert.Equal(steps.Count, outputs.Count);
            Assert.All(steps.Zip(outputs), pair => Assert.True(
                pair.First.IsAnsweredBy(pair.Second),
                $"{pair.First.Commands}\n--- printed answer:\n{pair.First.Answer}\n--- real answer:\n{pair.Second}"));
            Assert.True(new FileInfo(Path.Combine(folder.FullName, "small.webp")).Length > 1_000, "The smaller picture did not arrive.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_server_that_stands_in_the_way_of_the_quick_start_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = Assert.Throws<InvalidOperationException>(() => PrintedServer.CheckFree(port));
        Assert.Equal($"Port {port} is in use: stop the server there first.", refused.Message);

        other.Stop();
        PrintedServer.CheckFree(port);
    }

    [Theory]
    [InlineData("{\"id\":\"…\",\"state\":\"succeeded\"}", "{\"id\":\"0199\",\"state\":\"succeeded\"}\n", true)]
    [InlineData("{\"id\":\"…\",\"state\":\"succeeded\"}", "{\"id\":\"0199\",\"state\":\"failed\"}\n", false)]
    [InlineData("one", "one\ntwo", false)]
    [InlineData("1.5", "145", false)]
    public void An_answer_that_differs_from_the_printed_one_is_caught(string printed, string real, bool equal) =>
        Assert.Equal(equal, new QuickStartStep("true", printed).IsAnsweredBy(real));

    [Fact]
    public void Each_block_of_commands_is_paired_with_the_answer_that_follows_it() =>
        Assert.Equal(
            [new("a", "1"), new("b\nc", null), new("d", null)],
            QuickStart.Read("```bash\na\n```\nso:\n```json\n1\n```\n```bash\nb\nc\n```\n```bash\nd\n```\n```csharp\nx\n```\n"));

    [ToolFact("bash")]
    public async Task Blocks_share_one_shell_and_their_outputs_are_told_apart() =>
        Assert.Equal(["", "7\n"], await Shell.RunAsync(["x=7", "echo $x"], Path.GetTempPath(), TimeSpan.FromSeconds(30)));
}
