using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobApi.Faults.Checking;

namespace JobApi.Faults.Load;

/// <summary>A job as a client wants it, and what its handler will meet.</summary>
internal sealed record JobPlan
{
    /// <summary>The tag that carries the token.</summary>
    public const string TokenTag = "token";

    /// <summary>Names the submission.</summary>
    public required string Token { get; init; }

    /// <summary>Its <c>Idempotency-Key</c>, if it has one.</summary>
    public string? Key { get; init; }

    /// <summary>How it may end because of what it is.</summary>
    public Fate Fate { get; init; }

    /// <summary>The body to send.</summary>
    public required string Body { get; init; }

    /// <summary>A job that calls the sink.</summary>
    /// <param name="sink">Where the sink listens.</param>
    /// <param name="random">Decides everything else.</param>
    /// <param name="token">Names the submission.</param>
    public static JobPlan Random(Uri sink, Random random, string token)
    {
        // Most succeed at once; some meet a sink that is down once or twice, a few one that refuses them for good at first.
        var answers = random.Next(100) switch { < 80 => "200", < 90 => "503,200", < 95 => "503,503,200", _ => "409,200" };
        var hold = random.Next(100) < 95 ? random.Next(5) : random.Next(50, 200);
        double? delay = random.Next(100) < 10 ? random.NextDouble() : null;

        return Calling(sink, token, answers, TimeSpan.FromMilliseconds(hold), delay, random.Next(-3, 4)) with
        {
            Key = random.Next(2) == 0 ? "key-" + token : null,
        };
    }

    /// <summary>A job that calls the sink, which answers its calls with these statuses, the last one for ever.</summary>
    public static JobPlan Calling(Uri sink, string token, string answers = "200", TimeSpan hold = default, double? delaySeconds = null, int priority = 0)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"{sink}calls/{token}?answers={answers}&hold={hold.TotalMilliseconds}");

        return new JobPlan { Token = token, Body = Text("http-request", new JsonObject { ["url"] = url, ["method"] = "POST" }, token, maxAttempts: 4, delaySeconds, priority) };
    }

    /// <summary>A job of a type that is only in the servers of this harness.</summary>
    public static JobPlan OfType(string type, string token, Fate fate, double timeoutSeconds = 60, int maxAttempts = 1) => new()
    {
        Token = token,
        Fate = fate | Fate.Silent,
        Body = Text(type, [], token, maxAttempts, timeoutSeconds: timeoutSeconds),
    };

    private static string Text(
        string type, JsonObject payload, string token, int maxAttempts, double? delaySeconds = null, int priority = 0, double? timeoutSeconds = null)
    {
        var body = new JsonObject
        {
            ["type"] = type,
            ["payload"] = payload,
            ["priority"] = priority,
            ["maxAttempts"] = maxAttempts,
            ["backoff"] = new JsonObject { ["kind"] = "constant", ["baseSeconds"] = 0.05, ["maxSeconds"] = 0.1 },
            ["tags"] = new JsonObject { [TokenTag] = token },
        };

        if (delaySeconds is not null)
        {
            body["delaySeconds"] = delaySeconds;
        }

        if (timeoutSeconds is not null)
        {
            body["timeoutSeconds"] = timeoutSeconds;
        }

        return body.ToJsonString(JsonSerializerOptions.Default);
    }
}
