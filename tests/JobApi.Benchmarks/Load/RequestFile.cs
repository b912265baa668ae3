using System.Globalization;
using System.Text;

namespace JobApi.Benchmarks.Load;

/// <summary>A temporary file of requests to replay: for each its length in decimal, a line feed, and the message.</summary>
internal sealed class RequestFile : IDisposable
{
    public RequestFile(IReadOnlyList<byte[]> requests)
    {
        using var file = File.Create(Path);

        foreach (var request in requests)
        {
            file.Write(Encoding.ASCII.GetBytes($"{request.Length}\n"));
            file.Write(request);
        }
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public static List<byte[]> Read(string path)
    {
        var all = File.ReadAllBytes(path).AsSpan();
        var requests = new List<byte[]>();

        while (!all.IsEmpty)
        {
            var end = all.IndexOf((byte)'\n');
            var length = int.Parse(all[..end], CultureInfo.InvariantCulture);
            requests.Add(all.Slice(end + 1, length).ToArray());
            all = all[(end + 1 + length)..];
        }

        return requests;
    }

    public void Dispose() => File.Delete(Path);
}
