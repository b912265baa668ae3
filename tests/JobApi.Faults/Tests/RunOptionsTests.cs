using JobApi.Faults.Kinds;
using JobApi.Faults.Runs;
using Xunit;

namespace JobApi.Faults.Tests;

public sealed class RunOptionsTests
{
    [Fact]
    public void The_long_run_kills_a_thousand_times() =>
        Assert.Equal((1_000, 100, 50), RunOptions.Read(["--long"]) is { } options ? (options.Kills, options.Cuts, options.Stops) : default);

    [Fact]
    public void A_number_goes_before_the_default_of_the_run_wherever_it_stands()
    {
        var options = RunOptions.Read(["--kills", "7", "--seed", "3", "--long"]);

        Assert.Equal((7, 100, 3), (options!.Kills, options.Cuts, options.Seed));
    }

    [Theory]
    [InlineData("--kills")]
    [InlineData("--kills", "many")]
    [InlineData("--kills", "-1")]
    [InlineData("--clients", "0")]
    [InlineData("--murders", "3")]
    public void A_command_line_that_makes_no_sense_is_not_guessed_at(params string[] arguments) => Assert.Null(RunOptions.Read(arguments));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(999)]
    public void The_kills_are_shared_out_to_the_last_one(int kills)
    {
        var options = new RunOptions { Kills = kills };

        Assert.Equal(kills, AllFaults.List.Where(fault => fault.Group == FaultGroup.Kill).Sum(fault => LongRun.Share(fault, options)));
    }

    [Theory]
    [InlineData(120, 1, "50 50 20")]
    [InlineData(50, 5, "10 10 10 10 10")]
    [InlineData(7, 5, "2 2 2 1")]
    [InlineData(1, 5, "1")]
    public void Stretches_add_up_and_as_many_can_run_at_once_as_may(int strikes, int atOnce, string lengths) =>
        Assert.Equal(lengths, string.Join(' ', LongRun.Stretches(strikes, atOnce).Select(stretch => stretch.Length)));
}
