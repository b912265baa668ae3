using System.Text.Json;
using JobApi.Engine.Execution;
using JobApi.Engine.Submission;
using JobApi.Refusals;
using JobApi.Validation;

namespace JobApi.Requests;

/// <summary>
/// Finds where the jobs of a bulk begin and end. A line that is no JSON is still a line, so it harms nobody else; an array that is no
/// JSON has no items, so it is refused as a whole.
/// </summary>
internal static class BulkSplit
{
    /// <summary>Deeper than any job may be, so that a job that is too deep is refused alone.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2 * StrictJson.MaxDepth };

    /// <param name="body">The bytes of the bulk.</param>
    /// <param name="isLines">Whether it is one job a line, and not an array.</param>
    /// <param name="jobs">The place of each job's bytes.</param>
    /// <returns>Why the bulk as a whole cannot be read; null when it can.</returns>
    public static Problem? Find(ReadOnlySpan<byte> body, bool isLines, out List<Range> jobs)
    {
        jobs = [];

        if ((isLines ? FindLines(body, jobs) : FindElements(body, jobs)) is { } problem)
        {
            return problem;
        }

        return jobs.Count switch
        {
            0 => Refuse("A bulk has at least one job."),
            > BulkDraft.MaxJobs => Refuse($"A bulk has at most {BulkDraft.MaxJobs} jobs."),
            _ => null,
        };
    }

    private static Problem? FindLines(ReadOnlySpan<byte> body, List<Range> jobs)
    {
        for (var start = 0; start < body.Length && jobs.Count <= BulkDraft.MaxJobs;)
        {
            var length = body[start..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : start + length;

            if (body[start..end].ContainsAnyExcept(" \t\r"u8))
            {
                jobs.Add(start..end);
            }

            start = end + 1;
        }

        return null;
    }

    private static Problem? FindElements(ReadOnlySpan<byte> body, List<Range> jobs)
    {
        var reader = new Utf8JsonReader(body, Options);

        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return Problems.MalformedJson(StrictJson.Check(body) ?? new PayloadError(string.Empty, "An array of jobs is needed."));
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && jobs.Count <= BulkDraft.MaxJobs)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                jobs.Add(start..(int)reader.BytesConsumed);
            }

            // Nothing may follow the array; looked at only when the walk has come to its end.
            _ = jobs.Count > BulkDraft.MaxJobs || reader.Read();

            return null;
        }
        catch (JsonException)
        {
            return Problems.MalformedJson(StrictJson.Check(body) ?? new PayloadError(string.Empty, "This is not a JSON array."));
        }
    }

    private static Problem Refuse(string why) => Problems.InvalidRequest(new PayloadError(string.Empty, why));
}
