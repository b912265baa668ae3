using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace JobApi.Requests;

/// <summary>
/// Where a list goes on: the last sequence seen, bound to the filter it was seen under, so that a token that was cut, edited or sent
/// with another filter is refused instead of answering with a wrong page. It holds no secret, so a plain hash is enough.
/// </summary>
internal static class PageToken
{
    private const int HashLength = 8;

    public static string Write(long before, string filter)
    {
        Span<byte> token = stackalloc byte[sizeof(long) + HashLength];
        BinaryPrimitives.WriteInt64BigEndian(token, before);
        Hash(before, filter, token[sizeof(long)..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The sequence, or null when this is not a token of ours for this filter.</summary>
    public static long? Read(string token, string filter)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + HashLength];

        if (token.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
        {
            return null;
        }

        var before = BinaryPrimitives.ReadInt64BigEndian(bytes);
        Span<byte> expected = stackalloc byte[HashLength];
        Hash(before, filter, expected);

        return bytes[sizeof(long)..].SequenceEqual(expected) ? before : null;
    }

    private static void Hash(long before, string filter, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"jobapi-page-1\n{before}\n{filter}"), hash);
        hash[..destination.Length].CopyTo(destination);
    }
}
