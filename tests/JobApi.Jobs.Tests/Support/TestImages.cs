using System.Buffers.Binary;
using System.IO.Compression;
using JobApi.Jobs.ImageResize;
using NetVips;

namespace JobApi.Jobs.Tests.Support;

/// <summary>Images made in code.</summary>
internal static class TestImages
{
    /// <summary>A gradient, which compresses well and shows where up is: dark at the top left.</summary>
    public static Image Gradient(int width, int height)
    {
        Imaging.EnsureReady();
        using var xy = Image.Xyz(width, height);
        using var x = xy[0] * (255.0 / width);
        using var y = xy[1] * (255.0 / height);
        using var blue = x * 0 + 40;
        using var joined = x.Bandjoin(y, blue);
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static byte[] Jpeg(int width, int height, bool progressive = false)
    {
        using var image = Gradient(width, height);
        return image.JpegsaveBuffer(q: 85, interlace: progressive);
    }

    /// <summary>A JPEG without its pixels: everything up to the first scan.</summary>
    public static byte[] HeaderOf(byte[] jpeg) => jpeg[..(jpeg.AsSpan().IndexOf((byte[])[0xFF, 0xDA]) + 14)];

    /// <summary>A photo as a phone takes it: lying on its side, with a note that says so and one that says where.</summary>
    public static byte[] SidewaysJpegWithPlace(int width, int height)
    {
        using var image = Gradient(width, height);
        using var noted = image.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "orientation", 6);
            mutable.Set(GValue.GStrType, "exif-ifd3-GPSMapDatum", "HERE-I-LIVE");
        });
        return noted.JpegsaveBuffer(q: 85);
    }

    public static byte[] Save(int width, int height, string suffix)
    {
        using var image = Gradient(width, height);
        return image.WriteToBuffer(suffix);
    }

    /// <summary>A PNG with transparent pixels only.</summary>
    public static byte[] TransparentPng(int side)
    {
        using var image = Gradient(side, side);
        using var see = image.Bandjoin(0);
        return see.PngsaveBuffer();
    }

    /// <summary>A small file that says it is a huge picture: black, 1 bit a pixel, well formed.</summary>
    public static byte[] PngBomb(int width, int height)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        Chunk(file, "IHDR"u8, header);

        using var pixels = new MemoryStream();

        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + ((width + 7) / 8)];

            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);

        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc ^= value;

            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return crc;
    }
}
