using System.Text;
using JobApi.Jobs.ImageResize;
using JobApi.Jobs.Safety;
using JobApi.Jobs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.Tests;

public sealed class BuiltInJobsTests
{
    [Fact]
    public async Task Exactly_the_four_types_are_registered()
    {
        await using var jobs = new JobsFixture();
        Assert.Equal(["http-request", "image-resize", "sleep", "square"], jobs.Registry.All.Select(type => type.Name));
    }

    [Theory]
    [InlineData("square")]
    [InlineData("sleep")]
    [InlineData("image-resize")]
    [InlineData("http-request")]
    public async Task A_type_explains_itself_and_accepts_its_own_example(string name)
    {
        await using var jobs = new JobsFixture();
        var type = jobs.Registry.Find(name)!;

        Assert.NotEmpty(type.Options.Description);
        Assert.NotNull(type.PayloadSchema["properties"]);
        Assert.NotNull(type.ResultSchema["properties"]);
        Assert.True(type.Check(Encoding.UTF8.GetBytes(type.Example!.ToJsonString())).IsValid);
    }

    [Theory]
    [InlineData("square", """{"number":1.5}""")]
    [InlineData("square", """{"number":"1"}""")]
    [InlineData("square", """{}""")]
    [InlineData("sleep", """{"seconds":1,"seconsd":2}""")]
    [InlineData("image-resize", """{"url":"https://example.com/a.png","width":10,"fit":"Cover"}""")]
    [InlineData("image-resize", """{"file":"not-an-id","width":10}""")]
    [InlineData("http-request", """{"url":"https://example.com/","method":null}""")]
    public async Task A_payload_of_another_shape_is_refused(string type, string json)
    {
        await using var jobs = new JobsFixture();
        Assert.NotEmpty(jobs.Check(type, json));
    }

    [Fact]
    public async Task Settings_that_contradict_each_other_are_named_with_both_values()
    {
        await using var jobs = new JobsFixture(
            ("Outbound:ConnectTimeout", "00:01:00"), ("Outbound:Deadline", "00:00:30"), ("Outbound:AllowedNetworks:1", "10.0.0.0/40"),
            ("ImageResize:MaxMegapixels", "10"), ("HttpRequest:MaxTextBytes", "2000"), ("HttpRequest:MaxFileBytes", "1000"));

        Assert.Equal(
            [
                "Outbound:ConnectTimeout (00:01:00) must not be longer than Outbound:Deadline (00:00:30).",
                "Outbound:AllowedNetworks holds '10.0.0.0/40', which is not a network in CIDR notation such as 10.20.0.0/16.",
            ],
            Broken<OutboundOptions>(jobs));
        Assert.Contains("(50) must not be larger than ImageResize:MaxMegapixels (10)", Assert.Single(Broken<ImageResizeOptions>(jobs)), StringComparison.Ordinal);
        Assert.Contains("(2000) must not be larger than HttpRequest:MaxFileBytes (1000)", Assert.Single(Broken<JobApi.Jobs.HttpRequest.HttpRequestOptions>(jobs)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_checked_when_the_host_starts()
    {
        await using var jobs = new JobsFixture(("Outbound:MaxRedirects", "21"));

        var refused = Assert.Throws<OptionsValidationException>(jobs.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("MaxRedirects", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Broken<TOptions>(JobsFixture jobs)
        where TOptions : class =>
        Assert.Throws<OptionsValidationException>(() => jobs.Services.GetRequiredService<IOptions<TOptions>>().Value).Failures;
}
