using JobApi.Jobs.Safety;
using Microsoft.Extensions.Time.Testing;

namespace JobApi.Jobs.Tests.Safety;

public sealed class PerHostTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_host_and_port_has_one_value_whatever_the_path_and_the_case()
    {
        var hosts = Create();

        Assert.Same(hosts.For(new Uri("http://example.com/a")), hosts.For(new Uri("http://EXAMPLE.com:80/b?c")));
        Assert.NotSame(hosts.For(new Uri("http://example.com/")), hosts.For(new Uri("http://example.com:81/")));
    }

    [Fact]
    public void Idle_hosts_are_dropped_and_used_ones_kept()
    {
        var hosts = Create();
        var kept = hosts.For(new Uri("http://used/"));

        for (var i = 0; i < 1_000; i++)
        {
            hosts.For(new Uri($"http://host-{i}/"));
        }

        _time.Advance(TimeSpan.FromSeconds(40));
        hosts.For(new Uri("http://used/"));
        _time.Advance(TimeSpan.FromSeconds(40));

        Assert.Same(kept, hosts.For(new Uri("http://used/")));
        Assert.Equal(1, hosts.Count);
    }

    private PerHost<object> Create() => new(() => new object(), TimeSpan.FromMinutes(1), _time);
}
