using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Jobs.Safety;
using Microsoft.Extensions.Options;
using NetVips;

namespace JobApi.Jobs.ImageResize;

/// <summary>Makes a smaller image of a stored or fetched one.</summary>
internal sealed class ImageResizeHandler(IFileStore files, GuardedClient client, ImageDownload download, ImagePlaces places, IOptions<ImageResizeOptions> options)
    : IJobHandler<ImageResizePayload, ImageResizeResult>
{
    public async Task<Attempt<ImageResizeResult>> HandleAsync(ImageResizePayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var opened = payload.File is { } file
            ? await OpenAsync(file, cancellationToken)
            : await download.FetchAsync(client, payload.Url!, cancellationToken);

        if (opened.Failure is { } failure)
        {
            return failure;
        }

        await using var source = opened.Result!;
        using var place = await places.TakeAsync(cancellationToken);
        return await ResizeAsync(source, payload, context, cancellationToken);
    }

    private async Task<Attempt<ImageSource>> OpenAsync(FileReference file, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(file.Id, cancellationToken) is not { } stored)
        {
            return ImageFailures.FileNotFound(file);
        }

        if (stored.Bytes > options.Value.MaxInputBytes)
        {
            return ImageFailures.InputTooLarge(stored.Bytes, options.Value.MaxInputBytes);
        }

        return await files.OpenAsync(file.Id, cancellationToken) is { } content
            ? new ImageSource(content, stored.Name)
            : ImageFailures.FileNotFound(file);
    }

    private async Task<Attempt<ImageResizeResult>> ResizeAsync(ImageSource source, ImageResizePayload payload, JobContext context, CancellationToken cancellationToken)
    {
        Imaging.EnsureReady();

        await using var input = new RecordingStream(source.Content);
        var header = ImageHeader.Read(input);
        input.ThrowIfFaulted();

        if (header is null)
        {
            return ImageFailures.NotAnImage();
        }

        if (header.LimitBroken(options.Value) is { } limit)
        {
            return ImageFailures.TooLarge(header, limit);
        }

        if (InsideMegapixels(header, payload) is var megapixels && megapixels > options.Value.MaxOutputMegapixels)
        {
            return ImageFailures.TooLarge(header, $"the result would have {megapixels:0.#} million, and {options.Value.MaxOutputMegapixels} million are allowed");
        }

        var format = payload.Format ?? header.Format ?? ImageFormat.Webp;
        await using var scratch = TempFile.Create();
        await using var output = new RecordingStream(scratch);

        try
        {
            var progress = new InlineProgress(percent => context.ReportProgress(percent, "Resizing"));
            var (width, height) = ImageResizer.Resize(input, output, payload, format, progress, cancellationToken);

            scratch.Position = 0;
            var name = $"{Path.GetFileNameWithoutExtension(source.Name) ?? "image"}-{width}x{height}.{ImageResizer.Extension(format)}";
            var stored = await files.SaveAsync(scratch, new FileDescription(ImageResizer.MediaType(format), name), long.MaxValue, cancellationToken);

            return new ImageResizeResult(new FileReference(stored.Id), width, height, stored.Bytes, stored.MediaType, header.Width, header.Height);
        }
        catch (VipsException)
        {
            // The library's own words are left out: its error buffer is shared by all threads and may speak of another job's image.
            input.ThrowIfFaulted();
            output.ThrowIfFaulted();
            return ImageFailures.Damaged(header);
        }
        catch (FileTooLargeException exception)
        {
            return ImageFailures.ResultTooLarge(exception.MaxBytes);
        }
    }

    /// <summary>The size of the result in millions of pixels for the fit that depends on the source; the others were checked with the payload.</summary>
    private static double InsideMegapixels(ImageHeader header, ImageResizePayload payload)
    {
        if (payload.Fit != ImageFit.Inside)
        {
            return 0;
        }

        var scale = Math.Min(1, Math.Min((double)(payload.Width ?? int.MaxValue) / header.Width, (double)(payload.Height ?? int.MaxValue) / header.Height));
        return header.Width * scale * header.Height * scale / 1e6;
    }

    /// <summary>Reports where it is called; <see cref="Progress{T}"/> would report later, on another thread, even after the end.</summary>
    private sealed class InlineProgress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
