using JobApi.Tests.Support;
using Microsoft.Extensions.Options;

namespace JobApi.Tests.Security;

/// <summary>A setting that cannot work stops the start, and says which one it is.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("JobApi:Http:MaxJsonBytes", "10", "JobApi:Http:MaxJsonBytes is 10")]
    [InlineData("JobApi:Http:AllowedOrigins:0", "jobs.example", "'jobs.example'")]
    [InlineData("JobApi:Http:AllowedOrigins:0", "https://jobs.example/path", "'https://jobs.example/path'")]
    public void A_setting_out_of_range_is_named(string key, string value, string words)
    {
        var fault = Assert.Throws<OptionsValidationException>(() => new ApiFactory([(key, value)]));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }
}
