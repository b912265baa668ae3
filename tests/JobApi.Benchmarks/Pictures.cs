using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using NetVips;

namespace JobApi.Benchmarks;

/// <summary>Pictures made on the spot, so that none has to be stored with the code.</summary>
internal static class Pictures
{
    /// <summary>A 4,000 x 3,000 JPEG with the grain and the soft shapes of a photograph.</summary>
    public static byte[] Photo()
    {
        using var shapes = Image.Perlin(4000, 3000, cellSize: 400) * 100 + 128;
        using var grain = Image.Gaussnoise(4000, 3000, sigma: 12);
        using var photo = (shapes + grain).Bandjoin(shapes * 0.8 + grain, shapes * 0.6 + grain).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return photo.JpegsaveBuffer(q: 85);
    }

    /// <summary>A PNG of a few dozen kilobytes that says it has 20,000 x 20,000 pixels, and has.</summary>
    public static byte[] Bomb()
    {
        const int side = 20_000;
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 1; // One bit a pixel, grey.
        Chunk(file, "IHDR"u8, header);

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            var row = new byte[1 + side / 8];

            for (var y = 0; y < side; y++)
            {
                zlib.Write(row);
            }
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);

        byte[] body = [.. type, .. data];
        file.Write(body);

        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        file.Write(number);
    }
}
