using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.ImageResize;

/// <summary>Limits of <c>image-resize</c>. Section <c>JobApi:Jobs:ImageResize</c>.</summary>
internal sealed class ImageResizeOptions
{
    /// <summary>The longest source file. Default 100 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxInputBytes { get; set; } = 100 * 1_024 * 1_024;

    /// <summary>
    /// How many sources that are being fetched, or were and are still worked on, lie on the disk for temporary files at a time; the next one waits. So they take <see cref="MaxInputBytes"/> each at the
    /// most. Default 8.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxDownloads { get; set; } = 8;

    /// <summary>The longest side of a source, in pixels. Default 30,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxDimension { get; set; } = 30_000;

    /// <summary>The largest source that can be read row by row, in millions of pixels. Default 100.</summary>
    [Range(0.001, 10_000)]
    public double MaxMegapixels { get; set; } = 100;

    /// <summary>
    /// The largest source that has to be held whole while it is read (progressive JPEG, interlaced PNG, WebP, AVIF, GIF), in millions of
    /// pixels. One takes up to 6 bytes of memory. Default 50.
    /// </summary>
    [Range(0.001, 10_000)]
    public double MaxMegapixelsHeldWhole { get; set; } = 50;

    /// <summary>The longest side of a result, in pixels. Default 8,192.</summary>
    [Range(1, 16_383)]
    public int MaxOutputDimension { get; set; } = 8_192;

    /// <summary>The largest result, in millions of pixels; encoders hold it whole. Default 25.</summary>
    [Range(0.001, 268)]
    public double MaxOutputMegapixels { get; set; } = 25;
}

/// <summary>The rules that span settings.</summary>
internal sealed class ImageResizeOptionsRules : IValidateOptions<ImageResizeOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageResizeOptions options) => options.MaxMegapixelsHeldWhole <= options.MaxMegapixels
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"ImageResize:MaxMegapixelsHeldWhole ({options.MaxMegapixelsHeldWhole}) must not be larger than ImageResize:MaxMegapixels ({options.MaxMegapixels}).");
}
