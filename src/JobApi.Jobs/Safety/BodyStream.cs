namespace JobApi.Jobs.Safety;

/// <summary>Reads a response up to a bound, and tells trouble with the network from trouble with whatever the bytes are written to.</summary>
internal sealed class BodyStream(Stream inner, long maxBytes) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Count(await inner.ReadAsync(buffer, cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Broken(exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Count(inner.Read(buffer, offset, count));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Broken(exception);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static HttpRequestException Broken(Exception exception) =>
        new(HttpRequestError.ResponseEnded, $"The response broke off or could not be decoded: {exception.Message}", exception);

    private int Count(int read) => (_read += read) <= maxBytes ? read : throw new ResponseTooLargeException(maxBytes);
}

/// <summary>A response is longer than its reader accepts.</summary>
internal sealed class ResponseTooLargeException(long maxBytes) : Exception($"The response is longer than {maxBytes} bytes.");
