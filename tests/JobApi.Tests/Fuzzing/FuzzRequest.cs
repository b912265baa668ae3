using System.Globalization;
using System.Text;

namespace JobApi.Tests.Fuzzing;

/// <summary>A request, the same for every store: what the stores name differently (ids of jobs and files) is named by number.</summary>
/// <param name="Operation">The operation it is meant for, such as <c>GET /jobs/{id}</c>; null when it is meant for none.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, its parameters filled in but for <see cref="Known"/>.</param>
internal sealed record FuzzRequest(string? Operation, string Method, string Path)
{
    /// <summary>Stands in the path for the id of a known job or file.</summary>
    public const string IdHere = "~id~";

    /// <summary>Which of the known ids, counted around.</summary>
    public int Known { get; init; }

    public string Query { get; init; } = string.Empty;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    /// <summary>How much of the body is really sent before the line goes dead; all of it when null.</summary>
    public int? CutAt { get; init; }

    public bool IsChunked { get; init; }

    public bool IsForeignHost { get; init; }

    public string Target(string id) => Path.Replace(IdHere, id, StringComparison.Ordinal) + Query;

    /// <summary>The bytes on the wire.</summary>
    public byte[] Bytes(string id)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{Method} {Target(id)} HTTP/1.1\r\nHost: {(IsForeignHost ? "evil.example" : "localhost")}\r\nConnection: close\r\n");

        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        var body = Body ?? [];

        if (IsChunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
            body = body.Length == 0 ? "0\r\n\r\n"u8.ToArray() : [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
        }
        else if (Body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. CutAt is { } cut ? body[..Math.Min(cut, body.Length)] : body];
    }

    public override string ToString() =>
        $"{Method} {Path}{Query} (id {Known}){string.Concat(Headers.Select(header => $"\n{header.Name}: {header.Value}"))}{(IsChunked ? "\nchunked" : "")}{(CutAt is { } cut ? $"\ncut at {cut}" : "")}"
        + (Body is null ? string.Empty : "\n\n" + (Body.Length > 2_000 ? $"{Body.Length} bytes: {Encoding.UTF8.GetString(Body[..500])}" : Encoding.UTF8.GetString(Body)));
}
