using System.Buffers;

namespace JobApi.Requests;

/// <summary>A request's body in borrowed memory. It grows with what arrives and never beyond its bound; give it back with <see cref="Dispose"/>.</summary>
internal sealed class PooledBody : IDisposable
{
    /// <summary>A length is a promise: memory for more is taken when more has come.</summary>
    private const int FirstBytes = 16 * 1_024;

    private byte[] _buffer;
    private int _length;

    private PooledBody(int bytes) => _buffer = ArrayPool<byte>.Shared.Rent(bytes);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <returns>The body, or null when it has more than <paramref name="maxBytes"/>; the surplus is not read.</returns>
    public static async ValueTask<PooledBody?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        var body = new PooledBody((int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes));
        var isKept = false;

        try
        {
            return (isKept = await body.FillAsync(request, maxBytes, cancellationToken)) ? body : null;
        }
        finally
        {
            if (!isKept)
            {
                body.Dispose();
            }
        }
    }

    /// <summary>May be called again: whoever is done with the bytes early gives them back before the request ends.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _length = 0;
        }
    }

    private async ValueTask<bool> FillAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);

            if (_length + read.Buffer.Length > maxBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return false;
            }

            Append(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);

            if (read.IsCompleted)
            {
                return true;
            }
        }
    }

    private void Append(ReadOnlySequence<byte> more)
    {
        var length = _length + (int)more.Length;

        if (length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _buffer.Length));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        more.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }
}
