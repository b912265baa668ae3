using JobApi.Engine.Files;

namespace JobApi.Jobs.ImageResize;

/// <param name="File">A stored image; give this or an address.</param>
/// <param name="Url">Where to fetch the image; give this or a file.</param>
/// <param name="Width">The width to fit, in pixels.</param>
/// <param name="Height">The height to fit, in pixels.</param>
/// <param name="Fit">How the image meets the size; inside when absent.</param>
/// <param name="Format">What to write; the source's own format when absent, WebP where that cannot be written.</param>
/// <param name="Quality">1 to 100; 80 when absent, 55 for AVIF. PNG is lossless and takes no notice of it.</param>
internal sealed record ImageResizePayload(
    FileReference? File = null,
    Uri? Url = null,
    int? Width = null,
    int? Height = null,
    ImageFit Fit = ImageFit.Inside,
    ImageFormat? Format = null,
    int? Quality = null);

/// <summary>How an image meets the size that was asked for.</summary>
internal enum ImageFit
{
    /// <summary>Whole, undistorted, within the size; never enlarged. One side may be left open.</summary>
    Inside,

    /// <summary>Exactly the size, undistorted; what stands out is cut off evenly.</summary>
    Cover,

    /// <summary>Exactly the size, whole; distorted where the proportions differ.</summary>
    Fill,
}

/// <summary>What can be written.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Avif,
}

/// <param name="File">The smaller image.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="SourceWidth">The width of the source as it is shown, its orientation applied.</param>
/// <param name="SourceHeight">The height of the source as it is shown, its orientation applied.</param>
internal sealed record ImageResizeResult(FileReference File, int Width, int Height, long Bytes, string MediaType, int SourceWidth, int SourceHeight);
