using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using JobApi.Contracts;
using JobApi.Endpoints;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Engine.Lifecycle;
using JobApi.Engine.Storage;
using JobApi.Guards;
using JobApi.Jobs;
using JobApi.Requests;
using JobApi.Testing;
using JobApi.Tests.Architecture;
using JobApi.Tests.Contract;
using JobApi.Tests.Support;
using JobApi.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Tests.Documentation;

/// <summary><c>docs/submitting-jobs.md</c> has every field of a job and every parameter of the list, with the defaults and ranges that they have.</summary>
public sealed partial class SubmittingPageTests(ApiFactory server) : IClassFixture<ApiFactory>
{
    private const int Default = 1;
    private const int Range = 2;

    private static readonly string Page = File.ReadAllText(SourceTree.At("docs/submitting-jobs.md")).ReplaceLineEndings("\n");
    private static readonly Dictionary<string, string[]> Fields = Table("field");
    private static readonly Dictionary<string, string[]> Parameters = Table("parameter");

    [Fact]
    public void Every_field_of_a_job_has_a_row_and_every_row_is_a_field()
    {
        AssertSame(Members(typeof(SubmitJobRequest)).Select(member => member.Name), Fields.Keys);
        AssertSame(
            Members(typeof(SubmitJobRequest)).Where(member => member.IsRequired).Select(member => member.Name),
            Fields.Where(field => field.Value[Default] == "required").Select(field => field.Key));
    }

    [Fact]
    public async Task Every_field_has_the_range_that_is_checked()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        (string Schema, string Prefix)[] parts = [("SubmitEchoJob", string.Empty), ("BackoffSettings", "backoff."), ("UniqueSettings", "unique.")];
        var ranges = parts
            .SelectMany(part => schemas.GetProperty(part.Schema).GetProperty("properties").EnumerateObject()
                .Select(member => (Name: part.Prefix + member.Name, Range: RangeOf(member.Value))))
            .Where(member => member.Range is not null)
            .ToDictionary(member => member.Name, member => member.Range!);

        // What a schema does not say: the type is a constant there, one limit is the type's, and some rules are more than a number.
        var type = RuleBounds.Of(new SubmitJobValidator(TimeProvider.System)).Single(member => member.Member == "type");
        ranges["timeoutSeconds"] = "0.001 to the type's limit";
        ranges["type"] = $"{type.MinLength} to {type.MaxLength} characters";
        ranges["queue"] = $"1 to {SubmitJobValidator.MaxQueueLength} of `a-z`, `0-9`, `.`, `_`, `-`";
        ranges["tags"] = $"{JobSpec.MaxTags} at most, names of 1 to {TagRules.MaxNameLength} and values of 0 to {TagRules.MaxValueLength} characters";
        ranges["runAt"] = $"RFC 3339 with an offset, at most {SubmitJobValidator.MaxSpanSeconds / 86_400} days ahead";

        // All but the payload, whose range is its type's affair, and the two objects.
        AssertSame(Fields.Keys.Except(["payload", "backoff", "unique"]), ranges.Keys);
        Assert.All(ranges, member => Assert.Equal($"{member.Key}: {member.Value}", $"{member.Key}: {Fields[member.Key][Range].Split(';')[0]}"));
    }

    [Fact]
    public async Task Every_field_has_the_default_of_a_job_that_does_not_name_it()
    {
        var spec = await SpecAsync(string.Empty);
        var unique = (await SpecAsync(""","unique":{"key":"k"}""")).Unique!;
        Dictionary<string, object?> defaults = new()
        {
            ["queue"] = spec.Queue,
            ["priority"] = spec.Priority,
            ["runAt"] = spec.RunAt == spec.CreatedAt ? "now" : spec.RunAt,
            ["delaySeconds"] = (spec.RunAt - spec.CreatedAt).TotalSeconds,
            ["expiresInSeconds"] = spec.ExpiresAt,
            ["unique"] = spec.Unique,
            ["unique.onConflict"] = Words.UniqueConflicts.Single(word => Words.OnConflict(word) == unique.OnConflict),
            ["fairnessKey"] = spec.FairnessKey,
            ["concurrencyKey"] = spec.ConcurrencyKey,
            ["concurrencyLimit"] = spec.ConcurrencyLimit,
            ["tags"] = spec.Tags.Count == 0 ? null : spec.Tags,
            ["retentionSeconds"] = spec.Retention is null ? "[the settings'](configuration.md#what-is-kept-and-for-how-long)" : spec.Retention,
        };

        Assert.All(defaults, field => Assert.Equal(
            $"{field.Key}: {Convert.ToString(field.Value ?? "none", CultureInfo.InvariantCulture)}", $"{field.Key}: {Fields[field.Key][Default].Trim('`')}"));
        AssertSame(
            Fields.Keys.Except(defaults.Keys),
            Fields.Where(field => field.Value[Default] == "required" || field.Value[Default].StartsWith("the type's", StringComparison.Ordinal)).Select(field => field.Key));
    }

    [Fact]
    public async Task What_is_said_of_a_type_that_says_nothing_is_so()
    {
        // The type of this job sets nothing itself.
        var spec = await SpecAsync(string.Empty);

        Assert.Contains(
            $"has a timeout of {spec.Timeout.TotalSeconds} seconds with a limit of {Written(new JobTypeOptions().MaxTimeout.TotalSeconds)}, {spec.MaxAttempts} attempts, and an "
            + $"{spec.Backoff.Kind.Word()} pause of {spec.Backoff.Base.TotalSeconds} to {spec.Backoff.Max.TotalSeconds} seconds.",
            InOneLine,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_parameter_of_the_list_has_a_row_with_its_range_and_every_row_is_a_parameter()
    {
        var operation = (await DocumentAsync()).GetProperty("paths").GetProperty("/jobs").GetProperty("get");
        var ranges = operation.GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => RangeOf(parameter.GetProperty("schema")));

        // What is written of them is more than their length; and a tag's value can be empty.
        ranges["pageToken"] = Parameters["pageToken"][Range];
        ranges["createdAfter"] = ranges["createdBefore"] = "RFC 3339 with an offset";
        ranges["tag.NAME"] = $"0 to {JobListQuery.MaxValueLength} characters";

        AssertSame(ranges.Keys, Parameters.Keys);
        Assert.All(ranges, parameter => Assert.Equal($"{parameter.Key}: {parameter.Value}", $"{parameter.Key}: {Parameters[parameter.Key][Range].Split(';')[0]}"));
        Assert.Equal(Written(JobListQuery.DefaultPageSize), Parameters["pageSize"][Default]);
    }

    [Fact]
    public async Task Every_refusal_of_a_submission_stands_beside_its_status_and_no_other()
    {
        const string Operation = "POST /jobs: ";
        var written = Table("status").SelectMany(row => Word().Matches(row.Value[0].Split(':')[0]).Select(word => $"{row.Key} {word.Groups[1].Value}"));

        AssertSame(
            new ServedContract(await DocumentAsync()).Refusals
                .Where(refusal => refusal.StartsWith(Operation, StringComparison.Ordinal)).Select(refusal => refusal[Operation.Length..]),
            written.Where(refusal => refusal[0] is '4' or '5'));
    }

    [Fact]
    public void The_numbers_in_the_text_are_those_of_the_code()
    {
        var files = new FileStoreOptions();

        Assert.All(
            [
                $"{Written(new HttpOptions().MaxJsonBytes)} bytes at most",
                $"{Written(SubmitJobValidator.MaxSpanSeconds)} are 366 days",
                $"A wait has 0 to {WaitPreference.MaxSeconds} seconds",
                $"1 to {IdempotencyKeyHeader.MaxLength} printable ASCII characters",
                $"latest {AttemptRecord.MaxKept} attempts",
                $"newest {Written(new StoreOptions().MaxLogLines)} log lines",
                $"answers with {Written(JobHistoryEndpoints.MaxLines)} at most",
                $"One call looks at {Written(JobQuery.MaxExamined)} jobs at most",
                $"0 to {Written(files.MaxFileBytes)} bytes",
                $"{Written(files.MaxTotalBytes)} bytes for all files",
                $"at least {files.UnusedFileLifetime.TotalHours} hours from when it was stored",
            ],
            sentence => Assert.Contains(sentence, InOneLine, StringComparison.Ordinal));
    }

    [ToolFact("bash", "curl", "jq")]
    public async Task The_examples_do_what_they_print()
    {
        await using var listening = new ApiFactory([], onSocket: true);
        var address = listening.Api.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var steps = QuickStart.Read(Page);
        var folder = Directory.CreateTempSubdirectory("jobapi-page-");

        try
        {
            folder.CreateSubdirectory("http-requests");
            File.Copy(SourceTree.At("http-requests/photo.jpg"), Path.Combine(folder.FullName, "http-requests/photo.jpg"));

            var commands = steps.Select(step => step.Commands.Replace("http://localhost:5080", address, StringComparison.Ordinal));
            var outputs = await Shell.RunAsync(commands, folder.FullName, TimeSpan.FromMinutes(2));

            Assert.NotEmpty(steps);
            Assert.Equal(steps.Count, outputs.Count);
            Assert.All(steps.Zip(outputs), pair => Assert.True(
                pair.First.Answer is not null && pair.First.IsAnsweredBy(pair.Second),
                $"{pair.First.Commands}\n--- printed answer:\n{pair.First.Answer}\n--- real answer:\n{pair.Second}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string InOneLine => Page.Replace('\n', ' ');

    /// <summary>A table by the names in its first column, without the backticks around them: the other cells of each row.</summary>
    private static Dictionary<string, string[]> Table(string firstHeading) => Page.Split('\n')
        .SkipWhile(line => !line.StartsWith($"| {firstHeading} |", StringComparison.Ordinal))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .ToDictionary(cells => cells[0].Trim('`'), cells => cells[1..], StringComparer.Ordinal);

    /// <summary>The members of a record on the wire; those of a record within it follow it, with its name before theirs.</summary>
    private static IEnumerable<(string Name, bool IsRequired)> Members(Type record) => record.GetProperties().SelectMany(property =>
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var inner = property.PropertyType is { IsClass: true } type && type.Assembly == typeof(SubmitJobRequest).Assembly ? Members(type) : [];

        return inner.Select(member => (Name: $"{name}.{member.Name}", member.IsRequired)).Prepend((Name: name, IsRequired: property.IsDefined(typeof(RequiredMemberAttribute))));
    });

    /// <summary>What a schema allows, as the page writes it; null when it says nothing.</summary>
    private static string? RangeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var words) || (schema.TryGetProperty("items", out var item) && item.TryGetProperty("enum", out words)))
        {
            return string.Join(", ", words.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => $"`{word.GetString()}`"));
        }

        return schema.TryGetProperty("minimum", out var minimum) ? $"{Written(minimum.GetDouble())} to {Written(schema.GetProperty("maximum").GetDouble())}"
            : schema.TryGetProperty("maxLength", out var longest) ? $"1 to {longest.GetInt32()} characters"
            : null;
    }

    private static string Written(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> written) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));

    private async Task<JobSpec> SpecAsync(string more)
    {
        var id = await server.Api.SubmitAsync("echo", """{"text":"says nothing else"}""", more);

        return (await server.Services.GetRequiredService<IJobReader>().FindAsync(Guid.Parse(id), CancellationToken.None))!.Spec;
    }

    private async Task<JsonElement> DocumentAsync() => (await server.Api.GetAsync("/swagger/v1/swagger.json")).Json;

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Word();
}
