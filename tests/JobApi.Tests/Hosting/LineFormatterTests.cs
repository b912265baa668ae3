using JobApi.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Tests.Hosting;

/// <summary>Nobody writes lines into the log but the server, whatever a caller's words are wrapped in.</summary>
public sealed class LineFormatterTests
{
    private const string Forged = "2030-01-01T00:00:00.000Z info JobEngine: all is well";

    [Fact]
    public void A_line_break_in_an_exceptions_message_begins_no_event()
    {
        var lines = Write(new InvalidOperationException($"no\n{Forged}\r{Forged}\u2028{Forged}\u0085{Forged}"));

        Assert.StartsWith("2030-", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Control_characters_of_an_exception_do_not_reach_the_terminal() =>
        Assert.DoesNotContain(Write(new InvalidOperationException("\u001b[2J\u0007")), line => line.Any(char.IsControl));

    [Fact]
    public void An_exception_is_cut()
    {
        var lines = Write(new InvalidOperationException(new string('x', 1_000_000) + " the end"));

        Assert.InRange(lines.Sum(line => line.Length), 1_000, 20_000);
        Assert.Contains(lines, line => line.Contains("the end", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_that_cannot_be_written_down_is_named() => Assert.Contains(nameof(Unspeakable), Write(new Unspeakable())[1], StringComparison.Ordinal);

    private static string[] Write(Exception exception)
    {
        var formatter = new LineFormatter(new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        using var text = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Error, "JobApi.Test", default, "it failed", exception, (state, _) => state), null, text);

        return text.ToString().TrimEnd('\n').Split('\n');
    }

    private sealed class Unspeakable : Exception
    {
        public override string ToString() => throw new InvalidOperationException("no words");
    }
}
