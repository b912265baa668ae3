using System.Text;

namespace JobApi.Benchmarks.Load;

/// <summary>Whole HTTP/1.1 requests as bytes, the form in which load generators send them.</summary>
internal static class RawRequest
{
    /// <summary>Stands for the <c>Location</c> of the newest answer that had one.</summary>
    public const string Recent = "{recent}";

    public static byte[] Get(Uri server, string path, string? ifNoneMatch = null) =>
        Bytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\n{Header("If-None-Match", ifNoneMatch)}\r\n");

    public static byte[] Post(Uri server, string path, string json, string? prefer = null) =>
        Bytes($"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{Header("Prefer", prefer)}\r\n{json}");

    private static string Header(string name, string? value) => value is null ? string.Empty : $"{name}: {value}\r\n";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
