using System.Buffers.Binary;
using System.Security.Cryptography;

namespace JobApi.Engine.Submission;

/// <summary>
/// Makes the ids of new jobs: UUIDv7 (RFC 9562, 5.7), the milliseconds and 74 random bits. The bits are the system generator's, asked for many ids at a
/// time, because a call of it costs more than all the rest of an id; each is used once.
/// </summary>
internal static class TimedId
{
    private const int RandomOffset = 6;
    private const int RandomBytes = 10;
    private const int IdsAtATime = 64;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    public static Guid Create(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        Draw(id[RandomOffset..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));

        return new Guid(id, bigEndian: true);
    }

    private static void Draw(Span<byte> target)
    {
        var random = _random ??= new byte[IdsAtATime * RandomBytes];

        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = IdsAtATime;
        }

        var drawn = random.AsSpan(--_left * RandomBytes, RandomBytes);
        drawn.CopyTo(target);
        drawn.Clear();
    }
}
