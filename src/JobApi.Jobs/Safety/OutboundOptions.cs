using System.ComponentModel.DataAnnotations;

namespace JobApi.Jobs.Safety;

/// <summary>What requests that leave the server may do. Section <c>JobApi:Jobs:Outbound</c>.</summary>
internal sealed class OutboundOptions
{
    /// <summary>Lets requests reach every address, this machine's and its network's included. Default false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Networks that may be reached although they are not public, in CIDR notation such as <c>10.20.0.0/16</c>. Default none.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>How long a request may take in all: its redirects, its quick retry and the reading of its body. Default 90 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a connection may take to be made, its encryption included. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many redirects are followed. Default 5.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>The longest response head. Default 32 KiB.</summary>
    [Range(1, 1_024)]
    public int MaxResponseHeadersKilobytes { get; set; } = 32;

    /// <summary>How many requests a second one host and port gets from this process in the long run. Default 10.</summary>
    [Range(0.001, 100_000)]
    public double RequestsPerSecondPerHost { get; set; } = 10;

    /// <summary>How many requests one host and port may get at once after a pause. Default 20.</summary>
    [Range(1, 100_000)]
    public int BurstPerHost { get; set; } = 20;

    /// <summary>How many requests to one host and port must be seen within <see cref="BreakerWindow"/> before it can be given a rest. Default 10.</summary>
    [Range(2, 100_000)]
    public int BreakerMinimumRequests { get; set; } = 10;

    /// <summary>The share of them that must fail, from 0 to 1. Default 0.5.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>How far the breaker looks back. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a failing host and port is left alone; its jobs are parked meanwhile. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerRest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause that a host's <c>Retry-After</c> is believed. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);
}
