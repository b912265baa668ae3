using Microsoft.Extensions.Options;

namespace JobApi.Guards;

/// <summary>Refuses to start on settings that cannot work, in words that name the setting and the value.</summary>
internal sealed class HttpOptionsRules : IValidateOptions<HttpOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpOptions options)
    {
        var faults = new List<string>();

        Check(nameof(options.MaxJsonBytes), options.MaxJsonBytes);
        Check(nameof(options.MaxBulkBytes), options.MaxBulkBytes);

        foreach (var origin in options.AllowedOrigins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin.TrimEnd('/'))
            {
                faults.Add($"{HttpOptions.Section}:AllowedOrigins has '{origin}'; an origin is a scheme and a host, such as https://jobs.example.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string setting, int bytes)
        {
            if (bytes is < HttpOptions.LeastBytes or > HttpOptions.MostJsonBytes)
            {
                faults.Add($"{HttpOptions.Section}:{setting} is {bytes}; it must be {HttpOptions.LeastBytes} to {HttpOptions.MostJsonBytes}.");
            }
        }
    }
}
