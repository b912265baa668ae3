using System.Buffers;
using System.Net.Http.Headers;
using System.Text;

namespace JobApi.Jobs.Safety;

/// <summary>A response's body as text, up to a bound.</summary>
/// <param name="Text">Null when the body is not text.</param>
/// <param name="Bytes">How much of it was taken.</param>
/// <param name="Truncated">There is more.</param>
internal sealed record ResponseText(string? Text, int Bytes, bool Truncated)
{
    public static async Task<ResponseText> ReadAsync(OutboundResponse response, int maxBytes, CancellationToken cancellationToken)
    {
        // No bound of its own: what lies behind maxBytes is not an error here, it is left unread.
        await using var body = await response.OpenAsync(long.MaxValue, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);

        try
        {
            var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            var kept = Math.Min(read, maxBytes);
            return new ResponseText(Decode(buffer.AsSpan(0, kept), response.BodyHeaders.ContentType, cut: read > kept), kept, read > kept);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Strict: bytes that are not text in the declared charset (UTF-8 without one) make the body no text at all.</summary>
    private static string? Decode(ReadOnlySpan<byte> bytes, MediaTypeHeaderValue? type, bool cut)
    {
        if (Find(type?.CharSet?.Trim('"')) is not { } encoding)
        {
            return null;
        }

        try
        {
            var decoder = encoding.GetDecoder();
            var characters = new char[encoding.GetMaxCharCount(bytes.Length)];

            // Not flushed after a cut, so that half a character at the end is dropped and not an error.
            var text = new string(characters, 0, decoder.GetChars(bytes, characters, flush: !cut)).TrimStart('\uFEFF');
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding? Find(string? charset)
    {
        if (string.IsNullOrEmpty(charset))
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true);
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
