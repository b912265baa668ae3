using System.Text;
using JobApi.Engine.Execution;
using JobApi.Engine.Files;
using JobApi.Jobs.ImageResize;
using JobApi.Jobs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace JobApi.Jobs.Tests.ImageResize;

public sealed class ImageResizeHandlerTests : IDisposable
{
    private readonly JobsFixture _jobs = new(
        ("ImageResize:MaxMegapixels", "1"), ("ImageResize:MaxMegapixelsHeldWhole", "0.3"), ("ImageResize:MaxDimension", "2000"),
        ("ImageResize:MaxOutputMegapixels", "0.5"), ("ImageResize:MaxInputBytes", "200000"));

    public void Dispose() => _jobs.Dispose();

    [Fact]
    public async Task Images_that_are_still_on_their_way_take_no_place_from_those_that_are_here()
    {
        var answer = new TaskCompletionSource();
        await using var slow = await LoopbackServer.StartAsync(async http =>
        {
            await answer.Task;
            await http.Response.Body.WriteAsync(TestImages.Jpeg(64, 64));
        });
        var fetching = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => HandleAsync(new ImageResizePayload(Url: slow.Url, Width: 32))).ToArray();
        var source = _jobs.Files.Add(TestImages.Jpeg(64, 64));

        var result = await HandleAsync(new ImageResizePayload(source, Width: 16)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(16, result.Succeeded().Width);
        Assert.All(fetching, one => Assert.False(one.IsCompleted));
        answer.SetResult();
        Assert.All(await Task.WhenAll(fetching), one => Assert.Equal(32, one.Succeeded().Width));
    }

    [Fact]
    public async Task No_more_images_are_worked_on_than_there_are_processors()
    {
        var places = _jobs.Services.GetRequiredService<ImagePlaces>();
        var taken = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => places.TakeAsync(CancellationToken.None)));
        var source = _jobs.Files.Add(TestImages.Jpeg(64, 64));

        var waiting = HandleAsync(new ImageResizePayload(source, Width: 16));
        Assert.False(waiting.IsCompleted);

        taken[0].Dispose();
        Assert.Equal(16, (await waiting).Succeeded().Width);
    }

    [Theory]
    [InlineData(200, null, nameof(ImageFit.Inside), 200, 100)]
    [InlineData(null, 50, nameof(ImageFit.Inside), 100, 50)]
    [InlineData(100, 100, nameof(ImageFit.Inside), 100, 50)]
    [InlineData(700, 700, nameof(ImageFit.Inside), 400, 200)]
    [InlineData(100, 100, nameof(ImageFit.Cover), 100, 100)]
    [InlineData(500, 500, nameof(ImageFit.Cover), 500, 500)]
    [InlineData(30, 90, nameof(ImageFit.Fill), 30, 90)]
    public async Task The_size_follows_the_fit(int? width, int? height, string fit, int expectedWidth, int expectedHeight)
    {
        var source = _jobs.Files.Add(TestImages.Jpeg(400, 200), "photo.jpg");

        var result = (await HandleAsync(new ImageResizePayload(source, Width: width, Height: height, Fit: Enum.Parse<ImageFit>(fit)))).Succeeded();

        Assert.Equal((expectedWidth, expectedHeight, 400, 200), (result.Width, result.Height, result.SourceWidth, result.SourceHeight));
        using var image = Image.NewFromBuffer(_jobs.Files.Read(result.File));
        Assert.Equal((expectedWidth, expectedHeight), (image.Width, image.Height));
        Assert.Equal($"photo-{expectedWidth}x{expectedHeight}.jpeg", _jobs.Files.Describe(result.File).Name);
    }

    [Theory]
    [InlineData(".jpg", null, "image/jpeg", "jpegload_buffer")]
    [InlineData(".png", null, "image/png", "pngload_buffer")]
    [InlineData(".webp", null, "image/webp", "webpload_buffer")]
    [InlineData(".avif", null, "image/avif", "heifload_buffer")]
    [InlineData(".gif", null, "image/webp", "webpload_buffer")]
    [InlineData(".png", nameof(ImageFormat.Jpeg), "image/jpeg", "jpegload_buffer")]
    [InlineData(".jpg", nameof(ImageFormat.Avif), "image/avif", "heifload_buffer")]
    public async Task The_format_is_the_sources_unless_another_is_asked_for(string suffix, string? format, string mediaType, string loader)
    {
        var source = _jobs.Files.Add(TestImages.Save(64, 64, suffix));

        var result = (await HandleAsync(new ImageResizePayload(source, Width: 32, Format: format is null ? null : Enum.Parse<ImageFormat>(format)))).Succeeded();

        using var image = Image.NewFromBuffer(_jobs.Files.Read(result.File));
        Assert.Equal((mediaType, mediaType, loader), (result.MediaType, _jobs.Files.Describe(result.File).MediaType, (string)image.Get("vips-loader")));
    }

    [Fact]
    public async Task A_photo_is_turned_upright_and_does_not_tell_where_it_was_taken()
    {
        var photo = TestImages.SidewaysJpegWithPlace(400, 200);
        Assert.Contains("HERE-I-LIVE", Encoding.Latin1.GetString(photo), StringComparison.Ordinal);

        var result = (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(photo), Width: 100))).Succeeded();

        Assert.Equal((100, 200, 200, 400), (result.Width, result.Height, result.SourceWidth, result.SourceHeight));
        var written = _jobs.Files.Read(result.File);
        Assert.DoesNotContain("HERE-I-LIVE", Encoding.Latin1.GetString(written), StringComparison.Ordinal);
        using var image = Image.NewFromBuffer(written);
        Assert.DoesNotContain("exif-data", image.GetFields());

        // Turned a quarter to the right, the dark corner of the gradient is at the top right.
        Assert.True(image[95, 5][0] + image[95, 5][1] < 40);
    }

    [Fact]
    public async Task What_is_transparent_becomes_white_in_a_jpeg()
    {
        var result = (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(TestImages.TransparentPng(50)), Width: 20, Format: ImageFormat.Jpeg))).Succeeded();

        using var image = Image.NewFromBuffer(_jobs.Files.Read(result.File));
        Assert.All(image[10, 10], value => Assert.True(value > 250));
    }

    [Fact]
    public async Task Less_quality_makes_a_smaller_file()
    {
        var source = _jobs.Files.Add(TestImages.Jpeg(400, 200));

        var fine = (await HandleAsync(new ImageResizePayload(source, Width: 300, Quality: 95))).Succeeded();
        var coarse = (await HandleAsync(new ImageResizePayload(source, Width: 300, Quality: 10))).Succeeded();

        Assert.True(coarse.Bytes < fine.Bytes);
    }

    [Fact]
    public async Task A_missing_file_fails_for_good() =>
        (await HandleAsync(new ImageResizePayload(new FileReference(Guid.NewGuid()), Width: 10))).FailedForGood("file-not-found");

    [Theory]
    [InlineData("")]
    [InlineData("just a few words")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>")]
    [InlineData("P1\n2 2\n0 1 1 0\n")]
    [InlineData("%PDF-1.4\n")]
    public async Task What_is_not_an_accepted_image_fails_for_good(string content) =>
        (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(Encoding.UTF8.GetBytes(content)), Width: 10))).FailedForGood("not-an-image");

    [Fact]
    public async Task A_format_that_the_library_knows_but_nobody_needs_is_not_accepted() =>
        (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(TestImages.Save(20, 20, ".tif")), Width: 10))).FailedForGood("not-an-image");

    [Fact]
    public void The_decoders_that_nobody_needs_are_switched_off()
    {
        var tiff = TestImages.Save(20, 20, ".tif");
        Assert.Throws<VipsException>(() => Image.NewFromBuffer(tiff));
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public async Task An_image_that_is_cut_off_fails_for_good(string suffix)
    {
        var whole = TestImages.Save(400, 200, suffix);
        (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(whole[..(whole.Length / 2)]), Width: 10))).FailedForGood("image-damaged");
        Assert.Equal(1, _jobs.Files.Count);
    }

    [Theory]
    [InlineData(1_100, 1_000, false)]
    [InlineData(2_001, 10, false)]
    [InlineData(700, 500, true)]
    public async Task An_image_over_a_limit_is_not_decoded(int width, int height, bool progressive)
    {
        var jpeg = TestImages.Jpeg(width, height, progressive);

        // Only the header is left: decoding would say that the image is damaged.
        var failure = (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(TestImages.HeaderOf(jpeg)), Width: 10))).FailedForGood("image-too-large");

        Assert.Contains($"{width} by {height}", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_file_that_claims_to_be_a_huge_picture_is_refused_by_its_header()
    {
        await using var jobs = new JobsFixture();
        var bomb = TestImages.PngBomb(20_000, 20_000);
        Assert.InRange(bomb.Length, 30_000, 100_000);

        (await HandleAsync(new ImageResizePayload(jobs.Files.Add(bomb), Width: 320), jobs)).FailedForGood("image-too-large");

        // The same without any pixels to decode: the header alone decides.
        (await HandleAsync(new ImageResizePayload(jobs.Files.Add(bomb[..100]), Width: 320), jobs)).FailedForGood("image-too-large");
    }

    [Fact]
    public async Task A_result_over_the_limit_is_refused_before_decoding()
    {
        var source = _jobs.Files.Add(TestImages.HeaderOf(TestImages.Jpeg(1_000, 900)));
        (await HandleAsync(new ImageResizePayload(source, Width: 1_000))).FailedForGood("image-too-large");
    }

    [Fact]
    public async Task A_file_over_the_limit_is_not_opened() =>
        (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(new byte[200_001]), Width: 10))).FailedForGood("input-too-large");

    [Fact]
    public async Task A_result_over_the_bound_of_all_files_fails_for_good()
    {
        _jobs.Files.MaxFileBytes = 100;
        (await HandleAsync(new ImageResizePayload(_jobs.Files.Add(TestImages.Jpeg(64, 64)), Width: 32))).FailedForGood("result-too-large");
    }

    [Fact]
    public async Task No_more_images_are_fetched_at_a_time_than_may_lie_on_the_disk()
    {
        var answer = new TaskCompletionSource();
        await using var slow = await LoopbackServer.StartAsync(async http =>
        {
            await answer.Task;
            await http.Response.Body.WriteAsync(TestImages.Jpeg(64, 64));
        });

        // One request and no more: who is not kept waiting for a place is turned away at once.
        await using var jobs = new JobsFixture(("ImageResize:MaxDownloads", "1"), ("Outbound:BurstPerHost", "1"), ("Outbound:RequestsPerSecondPerHost", "0.01"));
        var payload = new ImageResizePayload(Url: slow.Url, Width: 32);

        var first = HandleAsync(payload, jobs);
        var second = HandleAsync(payload, jobs);
        Assert.False(second.IsCompleted);

        answer.SetResult();
        Assert.Equal(32, (await first).Succeeded().Width);
        Assert.IsType<Failure.RateLimitedFailure>((await second).Failure);

        // A place is given back however the attempt ended.
        jobs.Time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(32, (await HandleAsync(payload, jobs)).Succeeded().Width);
    }

    [Fact]
    public async Task Cancellation_during_the_work_ends_it()
    {
        using var cancel = new CancellationTokenSource();
        await using var jobs = new JobsFixture();
        var stored = jobs.Files.Add(TestImages.Save(1_000, 900, ".png"));
        var reports = 0;
        var context = TestJobContext.Create(onProgress: (_, _) =>
        {
            reports++;
            cancel.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => jobs.Handler<ImageResizeHandler>().HandleAsync(
            new ImageResizePayload(stored, Width: 900, Format: ImageFormat.Png), context, cancel.Token));

        // The work stopped there and then; without that it would have reported its way to the end.
        Assert.Equal(1, reports);
        Assert.Equal(1, jobs.Files.Count);
    }

    [Fact]
    public async Task An_image_is_fetched_through_the_guarded_client()
    {
        var jpeg = TestImages.Jpeg(400, 200);
        await using var server = await LoopbackServer.StartAsync(http => http.Response.Body.WriteAsync(jpeg).AsTask());

        var result = (await HandleAsync(new ImageResizePayload(Url: new Uri(server.Url, "a/photo.jpg?x"), Width: 100))).Succeeded();

        Assert.Equal("photo-100x50.jpeg", _jobs.Files.Describe(result.File).Name);
        (await HandleAsync(new ImageResizePayload(Url: new Uri("http://169.254.169.254/photo.jpg"), Width: 100))).FailedForGood("address-refused");
    }

    [Theory]
    [InlineData(404, 10, "http-status")]
    [InlineData(204, 0, "http-status")]
    [InlineData(200, 200_001, "response-too-large")]
    [InlineData(200, 10, "not-an-image")]
    public async Task What_cannot_be_fetched_fails_for_good(int status, int bytes, string type)
    {
        await using var server = await LoopbackServer.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return http.Response.Body.WriteAsync(new byte[bytes]).AsTask();
        });

        (await HandleAsync(new ImageResizePayload(Url: server.Url, Width: 100))).FailedForGood(type);
        Assert.Equal(0, _jobs.Files.Count);
    }

    [Theory]
    [InlineData("""{"width":10}""", "")]
    [InlineData("""{"url":"https://example.com/","file":"0197a0c0-0000-7000-8000-000000000000","width":10}""", "")]
    [InlineData("""{"url":"https://example.com/"}""", "")]
    [InlineData("""{"url":"https://example.com/","width":10,"fit":"cover"}""", "")]
    [InlineData("""{"url":"https://example.com/","width":8000,"height":8000,"fit":"fill"}""", "")]
    [InlineData("""{"url":"ftp://example.com/","width":10}""", "/url")]
    [InlineData("""{"url":"https://example.com/","width":0}""", "/width")]
    [InlineData("""{"url":"https://example.com/","width":10,"height":8193}""", "/height")]
    [InlineData("""{"url":"https://example.com/","width":10,"quality":101}""", "/quality")]
    public void What_is_wrong_with_a_payload_is_pointed_at(string json, string location) =>
        Assert.Equal([location], _jobs.Check("image-resize", json).Select(error => error.Location));

    private Task<Attempt<ImageResizeResult>> HandleAsync(ImageResizePayload payload, JobsFixture? jobs = null) =>
        (jobs ?? _jobs).Handler<ImageResizeHandler>().HandleAsync(payload, TestJobContext.Create(), CancellationToken.None);
}
