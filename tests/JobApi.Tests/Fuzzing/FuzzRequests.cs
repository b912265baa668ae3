using System.Text;
using System.Text.Json;
using CsCheck;

namespace JobApi.Tests.Fuzzing;

/// <summary>Requests made from the API description: most of them right, many of them nearly, some of them nonsense.</summary>
internal sealed class FuzzRequests
{
    /// <summary>Differ by store on purpose: what is kept in memory cannot be backed up.</summary>
    private static readonly string[] LeftOut = ["POST /admin/backup"];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "get", "PROPFIND", "A-B"];
    private static readonly string[] Paths = ["/", "/jobs/", "/jobs//result", "/job", "/jobs/bulk/bulk", "/swagger/v1/swagger.json", "/%2e%2e/jobs", "/jobs/%ff", "/JOBS", "/queues/%2F", "/files/a/b"];
    private static readonly string[] Junk = ["0", "a", "%ff%fe", "..%2f..", "null", "-1", "%F0%9F%98%80", "00000000-0000-0000-0000-000000000000", "{0198f000-0000-7000-8000-000000000000}", "0198F00000007000800000000000DEAD"];

    private static readonly string[] OddValues =
        ["", " ", "0", "-1", "1e9", "a", "*", "\"", "\"\"", "W/\"1\"", "\"1\"", "\"1\", \"2\"", "größe", "wait=0", "wait=\"0.01\"", "wait=-1", "wait", "respond-async, wait=0", "a=b;c", "bytes=0-", "bytes=-1", "bytes=5-2", "text/plain", "*/*;q=0", "application/json", new string('v', 600)];

    private static readonly (string, string)[] OddHeaders =
    [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Content-Encoding", "gzip"), ("Content-Encoding", "identity"), ("Accept", "application/xml"),
        ("Accept", "text/plain;q=2"), ("If-Match", "*"), ("If-None-Match", "*"), ("If-Modified-Since", "yesterday"), ("Range", "bytes=0-0,2-2"), ("traceparent", "00-x"), ("Prefer", "return=minimal"),
        ("X-Forwarded-Host", "evil.example"), ("X-HTTP-Method-Override", "DELETE"), ("Cookie", "a=b"), ("Accept-Language", "de"), ("Expect", "100-continue"), ("Idempotency-Key", "a"), ("Idempotency-Key", "\"a\""),
    ];

    private static readonly string[] MediaTypes =
        ["application/json; charset=utf-16", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", "application/json;", "application/vnd.x+json", "*/*", "application/json; charset=\"UTF-8\""];

    private readonly FuzzSchema _schemas;
    private readonly (string Path, string Method, JsonElement Doc)[] _operations;

    public FuzzRequests(JsonElement document)
    {
        _schemas = new FuzzSchema(document);
        _operations =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               let method = operation.Name.ToUpperInvariant()
               where !LeftOut.Contains($"{method} {path.Name}")
               select (path.Name, method, operation.Value),
        ];

        All = new Played<FuzzRequest>(Play);
    }

    public Gen<FuzzRequest> All { get; }

    private FuzzRequest Play(Dice dice)
    {
        if (dice.Chance(3))
        {
            return new FuzzRequest(null, dice.Of(Methods), dice.Of(Paths)) { Body = dice.Chance(30) ? "{}"u8.ToArray() : null, IsForeignHost = dice.Chance(20) };
        }

        // Half of the requests submit jobs: everything else is about them.
        var submit = _operations.Where(operation => operation.Method == "POST" && operation.Path is ("/jobs" or "/jobs/bulk")).ToArray();
        var (path, method, doc) = dice.Chance(30) ? dice.Of(submit) : dice.Of(_operations);
        var parameters = doc.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToArray() : [];
        var isStray = dice.Chance(3);

        var request = new FuzzRequest(isStray ? null : $"{method} {path}", isStray ? dice.Of(Methods) : method, FillIn(path, dice))
        {
            Known = dice.Below(1_000_000),
            Query = Query(parameters, dice),
            Headers = Headers(parameters, dice),
            IsForeignHost = dice.Chance(1),
            IsChunked = dice.Chance(10),
        };

        return doc.TryGetProperty("requestBody", out var body) ? WithBody(request, body.GetProperty("content"), dice)
            : dice.Chance(5) ? request with { Body = Encoding.UTF8.GetBytes(dice.Of("{}", "x", "[]")) }
            : request with { IsChunked = false };
    }

    private static string FillIn(string path, Dice dice)
    {
        if (!path.Contains('{', StringComparison.Ordinal))
        {
            return path;
        }

        var value = dice.Chance(80)
            ? path.Contains("{id}", StringComparison.Ordinal) ? FuzzRequest.IdHere : dice.Of("echo", "square", "default", "other", "paint")
            : dice.Chance(50) ? dice.Draw(Gen.Guid).ToString() : dice.Of(Junk);

        return path[..path.IndexOf('{', StringComparison.Ordinal)] + value + path[(path.IndexOf('}', StringComparison.Ordinal) + 1)..];
    }

    private string Query(JsonElement[] parameters, Dice dice)
    {
        var query = new List<string>();

        foreach (var parameter in parameters.Where(parameter => parameter.GetProperty("in").GetString() == "query" && dice.Chance(40)))
        {
            var name = parameter.GetProperty("name").GetString()!.Replace("NAME", "a", StringComparison.Ordinal);
            var schema = parameter.GetProperty("schema");

            // A wait is a wait: short ones try the same code.
            var value = name == "wait" ? dice.Of("0", "0.01", "0.02", "-1", "soon", "NaN", "1e1", "")
                : dice.Chance(15) ? FuzzSchema.Beyond(schema, dice) ?? dice.Of(OddValues)
                : dice.Chance(15) ? dice.Of(OddValues)
                : schema.TryGetProperty("items", out var items) ? _schemas.Text(items, dice)
                : _schemas.Json(schema, dice).Trim('"');

            query.Add($"{name}={(dice.Chance(3) ? dice.Of("%", "%zz", "%ff", "%00", "+") : Uri.EscapeDataString(Plain(value)))}");
        }

        if (dice.Chance(3))
        {
            query.Add(dice.Of("colour=red", "=", "&&", "state=queued", "%00=1", "tag.=x", "a[]=1", "q=%22", "PAGESIZE=5"));
        }

        return query.Count == 0 ? string.Empty : "?" + string.Join('&', query);
    }

    private static List<(string, string)> Headers(JsonElement[] parameters, Dice dice)
    {
        var headers = new List<(string, string)>();

        foreach (var parameter in parameters.Where(parameter => parameter.GetProperty("in").GetString() == "header" && dice.Chance(20)))
        {
            var name = parameter.GetProperty("name").GetString()!;
            var known = parameter.GetProperty("schema").TryGetProperty("examples", out var examples) ? examples[0].GetString()! : "\"1\"";

            headers.Add((name, name == "Prefer" ? dice.Of("wait=0", "wait=0.01", "wait=x", "wait=-1, wait=0.01", ";;", "") : name == "Idempotency-Key" ? dice.Of("a", "b", "\"a\"", "\"\\\"", "größe", "", new string('k', 256)) : dice.Chance(60) ? known : dice.Of(OddValues)));
        }

        if (dice.Chance(8))
        {
            headers.Add(dice.Of(OddHeaders));
        }

        return headers;
    }

    private FuzzRequest WithBody(FuzzRequest request, JsonElement content, Dice dice)
    {
        var medium = dice.Of(content.EnumerateObject().ToArray());
        var type = medium.Name == "application/octet-stream" && dice.Chance(50) ? "text/plain" : medium.Name;
        byte[] bytes;

        if (medium.Name.EndsWith("json", StringComparison.Ordinal))
        {
            var schema = medium.Value.GetProperty("schema");
            var isLines = medium.Name.EndsWith("ndjson", StringComparison.Ordinal);
            var json = isLines
                ? string.Join('\n', Enumerable.Range(0, dice.Below(4)).Select(_ => _schemas.Json(content.GetProperty("application/json").GetProperty("schema").GetProperty("items"), dice)))
                : _schemas.Json(schema, dice);

            bytes = json.Length > 0 && dice.Chance(30)
                ? dice.Chance(10) ? FuzzBreaks.BreakBytes(json, dice) : Encoding.UTF8.GetBytes(Tamed(FuzzBreaks.Break(json, dice)))
                : Encoding.UTF8.GetBytes(json);
        }
        else
        {
            bytes = Encoding.UTF8.GetBytes(dice.Of("", "hello", "\0", new string('f', 5_000)));
        }

        if (dice.Chance(4))
        {
            type = dice.Of(MediaTypes);
        }

        return request with
        {
            Body = bytes,
            Headers = dice.Chance(2) ? request.Headers : [.. request.Headers, ("Content-Type", type)],
            CutAt = dice.Chance(2) && bytes.Length > 0 ? dice.Below(bytes.Length) : null,
        };
    }

    /// <summary>No spoilt value may turn an expiry or a retention into a short one: time would decide what comes next.</summary>
    private static string Tamed(string json) =>
        json.Replace("Seconds\":1.5", "Seconds\":1e3", StringComparison.Ordinal).Replace("Seconds\":-0.0", "Seconds\":-1", StringComparison.Ordinal);

    /// <summary>Half a surrogate pair cannot be written in an address.</summary>
    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));
}
