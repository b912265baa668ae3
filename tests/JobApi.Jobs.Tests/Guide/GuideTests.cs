using System.Text;
using Billing;
using JobApi.Engine.Execution;
using JobApi.Jobs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobApi.Jobs.Tests.Guide;

/// <summary>Keeps the documents true.</summary>
public sealed class GuideTests
{
    [Theory]
    [InlineData("SendInvoice.cs")]
    [InlineData("SendInvoiceHandlerTests.cs")]
    public void The_guide_prints_the_code_that_is_compiled_here(string file)
    {
        var guide = Read("docs/writing-a-handler.md");
        Assert.Contains($"```csharp\n{Read($"Guide/{file}").TrimEnd()}\n```", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guides_type_is_registered_validated_and_described()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddInvoicing().BuildServiceProvider();
        var type = Assert.Single(services.GetServices<JobType>());

        Assert.True(type.Check(Encoding.UTF8.GetBytes(type.Example!.ToJsonString())).IsValid);
        var errors = type.Check("""{"customer":"Ada","email":"nowhere","lines":[{"text":"a","amount":1},{"text":"b","amount":-1}]}"""u8.ToArray()).Errors;
        Assert.Equal(["/email", "/lines/1/amount"], errors.Select(error => error.Location));
    }

    [Fact]
    public async Task The_reference_names_every_type_setting_and_payload_member()
    {
        await using var jobs = new JobsFixture();
        var reference = Read("docs/job-types.md");

        Assert.All(jobs.Registry.All, type =>
        {
            Assert.Contains($"## `{type.Name}`", reference, StringComparison.Ordinal);
            Assert.All(type.PayloadSchema["properties"]!.AsObject(), member => Assert.Contains($"`{member.Key}`", reference, StringComparison.Ordinal));
            Assert.All(type.ResultSchema["properties"]!.AsObject(), member => Assert.Contains($"`{member.Key}`", reference, StringComparison.Ordinal));
        });

        Type[] options = [typeof(JobApi.Jobs.Safety.OutboundOptions), typeof(JobApi.Jobs.HttpRequest.HttpRequestOptions), typeof(JobApi.Jobs.ImageResize.ImageResizeOptions)];
        Assert.All(options.SelectMany(type => type.GetProperties()), setting => Assert.Contains($"`{setting.Name}`", reference, StringComparison.Ordinal));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)).ReplaceLineEndings("\n");
}
