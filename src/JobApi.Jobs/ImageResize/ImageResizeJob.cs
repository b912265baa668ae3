using JobApi.Engine.Execution;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs.ImageResize;

internal static class ImageResizeJob
{
    public static IServiceCollection AddImageResize(this IServiceCollection services, IConfiguration section) => services
        .AddCheckedOptions<ImageResizeOptions, ImageResizeOptionsRules>(section)
        .AddSingleton<ImageDownload>()
        .AddSingleton<ImagePlaces>()
        .AddPayloadValidator<ImageResizeValidator, ImageResizePayload>()
        .AddJobHandler<ImageResizeHandler>("image-resize", type =>
        {
            type.Description = "Makes a smaller JPEG, PNG, WebP or AVIF of a JPEG, PNG, WebP, GIF (first frame) or AVIF image. Turned upright, metadata removed.";
            type.Example = new ImageResizePayload(Url: new Uri("https://httpbin.org/image/jpeg"), Width: 320, Format: ImageFormat.Webp);
            type.Json = BuiltInJobsJson.Default;
            type.Timeout = TimeSpan.FromMinutes(2);
            type.MaxAttempts = 3;

            // Not CPU-bound as a whole: it may wait for a slow server first. What computes is bounded by ImagePlaces.
            type.IsBlocking = true;
        });
}
