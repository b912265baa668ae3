using NetVips;

namespace JobApi.Jobs.ImageResize;

/// <summary>What an image says about itself before any pixel is decoded.</summary>
/// <param name="Name">The name of its format, for people.</param>
/// <param name="Format">Its format, where it can be written too.</param>
/// <param name="Width">Its width as it is shown, its orientation applied.</param>
/// <param name="Height">Its height as it is shown, its orientation applied.</param>
/// <param name="IsHeldWhole">It cannot be decoded row by row.</param>
internal sealed record ImageHeader(string Name, ImageFormat? Format, int Width, int Height, bool IsHeldWhole)
{
    /// <summary>The EXIF orientations from here on exchange width and height.</summary>
    private const int FirstSideways = 5;

    /// <summary>Reads the header and leaves the stream where it was; null when it is no image of an accepted format.</summary>
    public static ImageHeader? Read(Stream stream)
    {
        var start = stream.Position;

        try
        {
            using var image = Image.NewFromStream(stream, access: Enums.Access.Sequential);
            return Of(image);
        }
        catch (VipsException)
        {
            return null;
        }
        finally
        {
            stream.Position = start;
        }
    }

    /// <summary>Why an image of this size is not decoded; null when it may be.</summary>
    public string? LimitBroken(ImageResizeOptions options)
    {
        var megapixels = (double)Width * Height / 1e6;

        return this switch
        {
            _ when Math.Max(Width, Height) > options.MaxDimension => $"a side of {options.MaxDimension} is allowed",
            _ when megapixels > options.MaxMegapixels => $"{options.MaxMegapixels} million are allowed",
            _ when IsHeldWhole && megapixels > options.MaxMegapixelsHeldWhole =>
                $"{options.MaxMegapixelsHeldWhole} million are allowed for an image that cannot be read row by row",
            _ => null,
        };
    }

    private static ImageHeader? Of(Image image)
    {
        var interlaced = image.Contains("interlaced");
        var sideways = image.Contains("orientation") && (int)image.Get("orientation") >= FirstSideways;
        var (width, height) = sideways ? (image.Height, image.Width) : (image.Width, image.Height);

        return ((string)image.Get("vips-loader")) switch
        {
            "jpegload_source" => new ImageHeader("JPEG", ImageFormat.Jpeg, width, height, interlaced),
            "pngload_source" => new ImageHeader("PNG", ImageFormat.Png, width, height, interlaced),
            "webpload_source" => new ImageHeader("WebP", ImageFormat.Webp, width, height, true),
            "gifload_source" => new ImageHeader("GIF", null, width, height, true),
            "heifload_source" => new ImageHeader("AVIF", ImageFormat.Avif, width, height, true),
            _ => null,
        };
    }
}
