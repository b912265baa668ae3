using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.HttpRequest;

/// <summary>Limits of <c>http-request</c>. Section <c>JobApi:Jobs:HttpRequest</c>; see also <c>JobApi:Jobs:Outbound</c>.</summary>
internal sealed class HttpRequestOptions
{
    /// <summary>How much of a body is returned as text; the rest is not read. Default 256 KiB.</summary>
    [Range(0, 16 * 1_024 * 1_024)]
    public int MaxTextBytes { get; set; } = 256 * 1_024;

    /// <summary>The longest body that is stored as a file. Default 100 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxFileBytes { get; set; } = 100 * 1_024 * 1_024;
}

/// <summary>The rules that span settings.</summary>
internal sealed class HttpRequestOptionsRules : IValidateOptions<HttpRequestOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpRequestOptions options) => options.MaxTextBytes <= options.MaxFileBytes
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"HttpRequest:MaxTextBytes ({options.MaxTextBytes}) must not be larger than HttpRequest:MaxFileBytes ({options.MaxFileBytes}): what fits into the answer fits into a file.");
}
