using System.Globalization;
using System.Text;
using Billing;
using JobApi.Engine.Execution;
using JobApi.Engine.Lifecycle;
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
    public void The_guide_lists_every_option_of_a_job_type_with_its_default_and_no_other()
    {
        var options = new JobTypeOptions();
        var section = Read("docs/writing-a-handler.md").Split("\n## ").Single(part => part.StartsWith("All options\n", StringComparison.Ordinal));
        var rows = section.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries));

        Assert.Equal(
            typeof(JobTypeOptions).GetProperties().Select(option => (option.Name, Written(option.GetValue(options)))),
            rows.Select(cells => (cells[1].Trim('`'), cells[2])));
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

    private static string Written(object? value) => value switch
    {
        null or "" => "none",
        bool isSet => isSet ? "true" : "false",
        Backoff pause => $"{pause.Kind}, {pause.Base} to {pause.Max}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Read(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, path)).ReplaceLineEndings("\n");
}
