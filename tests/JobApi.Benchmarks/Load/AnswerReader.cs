using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace JobApi.Benchmarks.Load;

/// <summary>Reads HTTP/1.1 answers off a connection: the status and the <c>Location</c> are kept, the bodies passed over.</summary>
internal sealed class AnswerReader(Socket socket)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    public async ValueTask<(int Status, string? Location)> ReadAsync()
    {
        int length;

        while ((length = Unread.IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync();
        }

        var head = Head.Parse(Unread[..(length + 2)]);
        _start += length + 4;

        if (head.IsChunked)
        {
            await PassChunksAsync();
        }
        else
        {
            await PassAsync(head.Status == 304 ? 0 : head.ContentLength);
        }

        return (head.Status, head.Location);
    }

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    private async ValueTask PassChunksAsync()
    {
        while (true)
        {
            int line;

            while ((line = Unread.IndexOf("\r\n"u8)) < 0)
            {
                await FillAsync();
            }

            _ = Utf8Parser.TryParse(Unread[..line], out int size, out _, 'x');
            _start += line + 2;
            await PassAsync(size + 2);

            if (size == 0)
            {
                return;
            }
        }
    }

    private async ValueTask PassAsync(long bytes)
    {
        while (bytes > _end - _start)
        {
            bytes -= _end - _start;
            _start = _end;
            await FillAsync();
        }

        _start += (int)bytes;
    }

    private async ValueTask FillAsync()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += read > 0 ? read : throw new IOException("The server closed the connection.");
    }

    private readonly record struct Head(int Status, long ContentLength, bool IsChunked, string? Location)
    {
        /// <param name="lines">The status line and the headers, each with its line end.</param>
        public static Head Parse(ReadOnlySpan<byte> lines)
        {
            _ = Utf8Parser.TryParse(lines["HTTP/1.1 ".Length..], out int status, out _);
            var head = new Head(status, 0, false, null);

            for (var end = lines.IndexOf("\r\n"u8); end >= 0; lines = lines[(end + 2)..], end = lines.IndexOf("\r\n"u8))
            {
                var line = lines[..end];

                if (Value(line, "content-length: "u8) is { IsEmpty: false } length && Utf8Parser.TryParse(length, out long bytes, out _))
                {
                    head = head with { ContentLength = bytes };
                }
                else if (Value(line, "transfer-encoding: "u8) is { IsEmpty: false })
                {
                    head = head with { IsChunked = true };
                }
                else if (Value(line, "location: "u8) is { IsEmpty: false } location)
                {
                    head = head with { Location = Encoding.ASCII.GetString(location) };
                }
            }

            return head;
        }

        private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
            line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..] : default;
    }
}
