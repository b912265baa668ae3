using System.Net;
using Microsoft.Extensions.Options;

namespace JobApi.Jobs.Safety;

/// <summary>The rules that span settings or that an attribute cannot express.</summary>
internal sealed class OutboundOptionsRules : IValidateOptions<OutboundOptions>
{
    public ValidateOptionsResult Validate(string? name, OutboundOptions options)
    {
        var broken = new List<string>();

        if (options.ConnectTimeout > options.Deadline)
        {
            broken.Add($"Outbound:ConnectTimeout ({options.ConnectTimeout}) must not be longer than Outbound:Deadline ({options.Deadline}).");
        }

        broken.AddRange(options.AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)).Select(network =>
            $"Outbound:AllowedNetworks holds '{network}', which is not a network in CIDR notation such as 10.20.0.0/16."));

        return broken.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);
    }
}
