namespace JobApi.Engine.Submission;

/// <summary>
/// The id of a job that came in a bulk says at which place it stood there. So a repeated bulk can be answered place by place although
/// some of its jobs were refused, or have been deleted since, and nothing but the jobs has to be stored for it. The place stands in the 12 bits that
/// UUIDv7 (RFC 9562, 6.2) leaves to counters, which also makes the ids of a bulk sort as it was sent; 62 random bits are left.
/// </summary>
internal static class PlacedId
{
    private const int PlaceOffset = 6;
    private const byte Version7 = 0x70;

    public static Guid Create(DateTimeOffset now, int place)
    {
        Span<byte> bytes = stackalloc byte[16];
        TimedId.Create(now).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[PlaceOffset] = (byte)(Version7 | (place >> 8));
        bytes[PlaceOffset + 1] = (byte)place;

        return new Guid(bytes, bigEndian: true);
    }

    public static int PlaceOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);

        return ((bytes[PlaceOffset] & 0x0F) << 8) | bytes[PlaceOffset + 1];
    }
}
