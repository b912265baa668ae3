using System.Text;

namespace JobApi.Benchmarks.Load;

/// <summary>A request that is sent as it is, or with the path of a recent job in it.</summary>
internal sealed class PreparedRequest(byte[] bytes)
{
    private readonly int _gap = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(RawRequest.Recent));

    public bool NeedsRecent => _gap >= 0;

    public ReadOnlyMemory<byte> Bytes(string recent) => NeedsRecent
        ? (byte[])[.. bytes.AsSpan(0, _gap), .. Encoding.ASCII.GetBytes(recent), .. bytes.AsSpan(_gap + RawRequest.Recent.Length)]
        : bytes;
}
