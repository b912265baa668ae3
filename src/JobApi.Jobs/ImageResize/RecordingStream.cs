using System.Runtime.ExceptionServices;

namespace JobApi.Jobs.ImageResize;

/// <summary>
/// Stands between a stream and native code, which can only be told that something failed. It keeps what failed, so that a full disk is not
/// taken for a damaged image.
/// </summary>
internal sealed class RecordingStream(Stream inner) : Stream
{
    private ExceptionDispatchInfo? _fault;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>Throws what the stream threw, if it did.</summary>
    public void ThrowIfFaulted() => _fault?.Throw();

    public override int Read(byte[] buffer, int offset, int count) => Record(() => inner.Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Record(() => inner.Seek(offset, origin));

    public override void Write(byte[] buffer, int offset, int count) => Record(() =>
    {
        inner.Write(buffer, offset, count);
        return count;
    });

    public override void Flush() => inner.Flush();

    public override void SetLength(long value) => inner.SetLength(value);

    private T Record<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception)
        {
            _fault ??= ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }
}
