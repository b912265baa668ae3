using NetVips;

namespace JobApi.Jobs.ImageResize;

/// <summary>Shrinks an image while it is decoded, row by row, and encodes it. Computes on the calling thread and does not await.</summary>
internal static class ImageResizer
{
    /// <summary>The library's own word for "as long as it takes".</summary>
    private const int Unlimited = 10_000_000;

    private static readonly double[] White = [255, 255, 255];

    /// <summary>Writes the resized image and tells its size.</summary>
    /// <exception cref="VipsException">The image cannot be decoded, or a stream failed.</exception>
    /// <exception cref="OperationCanceledException">The token fired; looked at for every few rows.</exception>
    public static (int Width, int Height) Resize(
        Stream source, Stream target, ImageResizePayload payload, ImageFormat format, IProgress<int> progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        using var thumbnail = Image.ThumbnailStream(
            source,
            payload.Width ?? Unlimited,
            height: payload.Height ?? Unlimited,
            size: payload.Fit switch { ImageFit.Inside => Enums.Size.Down, ImageFit.Fill => Enums.Size.Force, _ => Enums.Size.Both },
            crop: payload.Fit == ImageFit.Cover ? Enums.Interesting.Centre : Enums.Interesting.None,

            // The metadata goes, the colour profile with it: so the colours have to be those everybody assumes without one.
            outputProfile: "srgb",

            // As a word for the loader: given as failOn, the library ignores it for streams (libvips 8.18, libvips/libvips#5195), and half
            // a photo would pass for a whole one.
            optionString: "[fail_on=error]");
        using var image = Presentable(thumbnail, format);

        image.SetProgress(progress, cancellationToken);

        try
        {
            Encode(image, target, format, payload.Quality);
        }
        catch (VipsException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return (image.Width, image.Height);
    }

    public static string MediaType(ImageFormat format) => $"image/{Extension(format)}";

    public static string Extension(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpeg",
        ImageFormat.Png => "png",
        ImageFormat.Webp => "webp",
        _ => "avif",
    };

    /// <summary>JPEG knows no transparency: what can be seen through is shown on white, as paper does, and not on black.</summary>
    private static Image Presentable(Image image, ImageFormat format) =>
        format == ImageFormat.Jpeg && image.HasAlpha() ? image.Flatten(background: White) : image.Copy();

    /// <summary>Without any metadata: photos tell where and when they were taken.</summary>
    private static void Encode(Image image, Stream target, ImageFormat format, int? quality)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                image.JpegsaveStream(target, q: quality ?? 80, optimizeCoding: true, keep: Enums.ForeignKeep.None);
                break;
            case ImageFormat.Png:
                image.PngsaveStream(target, keep: Enums.ForeignKeep.None);
                break;
            case ImageFormat.Webp:
                image.WebpsaveStream(target, q: quality ?? 80, keep: Enums.ForeignKeep.None);
                break;
            default:
                image.HeifsaveStream(target, q: quality ?? 55, compression: Enums.ForeignHeifCompression.Av1, effort: 3, keep: Enums.ForeignKeep.None);
                break;
        }
    }
}
