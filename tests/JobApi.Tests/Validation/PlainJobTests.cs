using System.Text;
using System.Text.Json;
using JobApi.Contracts;
using JobApi.Requests;
using JobApi.Validation;

namespace JobApi.Tests.Validation;

/// <summary>The quick way of reading a submission is never more lenient than the strict one, and reads the same.</summary>
public sealed class PlainJobTests
{
    private static readonly string[] Seeds =
    [
        """{"type":"echo","payload":{"text":"a","more":[1,2.5e3,{"x":null,"y":[true,false]}],"ü":"\n\t\"quoted\""}}""",
        """ { "payload" : [ {"a":1,"b":{"a":1}}, {"a":2} ] , "type" : "square" } """,
        """{"type":"t","payload":"text"}""",
        """{"type":"t","payload":-12}""",
    ];

    private static readonly string[] Pieces = ["\"", "\\", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "null", "\"a\":1,", "\"type\":\"t\",", "\"payload\":1,", " ", "1", "\uFEFF", "\0"];

    [Fact]
    public void What_most_submissions_look_like_is_read_the_quick_way() =>
        Assert.All(Seeds, seed => Assert.NotNull(PlainJob.TryRead(Encoding.UTF8.GetBytes(seed))));

    [Theory]
    [InlineData("""{"type":"t"}""")]
    [InlineData("""{"payload":1}""")]
    [InlineData("""{"type":"t","payload":null}""")]
    [InlineData("""{"type":"","payload":1}""")]
    [InlineData("""{"type":"t","type":"t","payload":1}""")]
    [InlineData("""{"type":"\u0074","type":"t","payload":1}""")]
    [InlineData("""{"type":{"type":"t","payload":1}}""")]
    [InlineData("""{"type":"t","payload":{"a":1,"a":2}}""")]
    [InlineData("""{"type":"t","payload":{"a":{"b":1},"a":2}}""")]
    [InlineData("""{"type":"t","payload":"\ud800"}""")]
    [InlineData("""{"type":"t","payload":{"\u0000":1}}""")]
    [InlineData("""{"\ud800":1,"type":"t","payload":1}""")]
    [InlineData("""{"type":"t","payload":1,"queue":"Q"}""")]
    [InlineData("""{"type":"t","payload":1} 2""")]
    public void What_is_unusual_is_left_to_the_strict_way(string json) => Assert.Null(PlainJob.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Depth_and_number_of_names_have_their_bounds()
    {
        Assert.NotNull(PlainJob.TryRead(Nested(31)));
        Assert.Null(PlainJob.TryRead(Nested(32)));
        Assert.NotNull(PlainJob.TryRead(Named(64)));
        Assert.Null(PlainJob.TryRead(Named(65)));

        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes($$"""{"type":"t","payload":{{new string('[', depth)}}{{new string(']', depth)}}}""");
        static byte[] Object(string members) => Encoding.UTF8.GetBytes("{\"type\":\"t\",\"payload\":{" + members + "}}");
        static byte[] Named(int names) => Object(string.Join(',', Enumerable.Range(0, names).Select(n => $"\"{n}\":1")));
    }

    [Fact]
    public void Whatever_is_read_the_quick_way_is_read_the_same_the_strict_way()
    {
        var random = new Random(4711);
        var (read, refused) = (0, 0);

        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Mutate(random);

            if (PlainJob.TryRead(bytes) is { } quick)
            {
                read++;
                Assert.Null(StrictlyWrong(bytes));
                var strict = JsonSerializer.Deserialize(bytes, JobApiJson.Wire.SubmitJobRequest)!;
                Assert.Equal(strict with { Payload = default }, new SubmitJobRequest { Type = quick.Type, Payload = default });
                Assert.Equal(strict.Payload.ToString(), new RawJson(quick.Payload).ToString());
            }
            else
            {
                refused++;
            }
        }

        Assert.True(read > 1_000 && refused > 1_000, $"{read} were read and {refused} refused: too few to prove anything.");
    }

    /// <summary>What the careful walk says; white space of 64 names around the value keeps the quick look away.</summary>
    private static string? StrictlyWrong(byte[] json)
    {
        var names = string.Join(',', Enumerable.Range(0, 65).Select(number => $"\"{number}\":0"));
        return StrictJson.Check([.. Encoding.UTF8.GetBytes($"[{{{names}}},"), .. json, (byte)']'])?.Message;
    }

    private static byte[] Mutate(Random random)
    {
        var text = Seeds[random.Next(Seeds.Length)];

        for (var change = random.Next(3); change > 0; change--)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                _ => text[..at] + Pieces[random.Next(Pieces.Length)] + text[at..],
            };
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
