using JobApi.Engine.Execution;
using JobApi.Engine.Files;

namespace JobApi.Jobs.ImageResize;

/// <summary>The ways an image cannot be worked with. All are permanent: the same bytes would fail again.</summary>
internal static class ImageFailures
{
    public static Failure FileNotFound(FileReference file) =>
        Failure.Permanent($"There is no file {file}.", "file-not-found", "The file does not exist");

    public static Failure InputTooLarge(long bytes, long max) =>
        Failure.Permanent($"The file has {bytes} bytes; {max} are allowed.", "input-too-large", "The file is too large");

    public static Failure NotAnImage() => Failure.Permanent(
        "The bytes are not a JPEG, PNG, WebP, GIF or AVIF image.", "not-an-image", "The input is not an image that can be read");

    public static Failure Damaged(ImageHeader header) => Failure.Permanent(
        $"The image says it is {header.Name} of {header.Width} by {header.Height} pixels, but it cannot be decoded to its end.",
        "image-damaged", "The image is damaged");

    public static Failure TooLarge(ImageHeader header, string limit) => Failure.Permanent(
        $"The image has {header.Width} by {header.Height} pixels ({header.Name}); {limit}.", "image-too-large", "The image is too large");

    public static Failure ResultTooLarge(long max) => Failure.Permanent(
        $"The resized image has more than the {max} bytes a file may have.", "result-too-large", "The result is too large to keep");

    public static Failure NotFetched(Uri url, int status) =>
        Failure.Permanent($"{url.Authority} answered {status}, which brings no image.", "http-status", "The host answered without an image");
}
