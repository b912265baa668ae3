using System.Net;
using JobApi.Jobs.Safety;

namespace JobApi.Jobs.Tests.Safety;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("POST", 301, "GET", false)]
    [InlineData("POST", 302, "GET", false)]
    [InlineData("PUT", 302, "PUT", true)]
    [InlineData("PUT", 303, "GET", false)]
    [InlineData("HEAD", 303, "HEAD", true)]
    [InlineData("POST", 307, "POST", true)]
    [InlineData("POST", 308, "POST", true)]
    public void The_method_follows_RFC_9110(string method, int status, string next, bool keepsBody)
    {
        var redirect = Read(Request("https://a.example/", method), status, "/next");

        Assert.Equal(next, redirect.Next!.Method.Method);
        Assert.Equal(keepsBody, redirect.Next.Body is not null);
        Assert.Equal(keepsBody, redirect.Next.Headers.ContainsKey("content-type"));
        Assert.Equal(new Uri("https://a.example/next"), redirect.Next.Url);
    }

    [Theory]
    [InlineData("https://a.example/other", true)]
    [InlineData("https://A.EXAMPLE:443/", true)]
    [InlineData("https://b.example/", false)]
    [InlineData("https://a.example:444/", false)]
    [InlineData("https://sub.a.example/", false)]
    public void Secrets_stay_with_the_origin_they_were_meant_for(string location, bool kept)
    {
        var next = Read(Request("https://a.example/", "GET"), 302, location).Next!;

        Assert.Equal(kept, next.Headers.ContainsKey("authorization"));
        Assert.Equal(kept, next.Headers.ContainsKey("cookie"));
        Assert.Equal(kept, next.Headers.ContainsKey("x-api-key"));
        Assert.True(next.Headers.ContainsKey("accept"));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://a.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:pass@a.example/")]
    [InlineData("http://a.example/")]
    public void A_redirect_elsewhere_than_to_plain_http_or_down_from_https_is_refused(string location) =>
        Assert.Equal("redirect-refused", Read(Request("https://a.example/", "GET"), 302, location).Refused?.Type);

    [Theory]
    [InlineData(200, "/next")]
    [InlineData(304, "/next")]
    [InlineData(300, "/next")]
    [InlineData(302, null)]
    public void Other_answers_are_final(int status, string? location) => Assert.Equal(default, Read(Request("https://a.example/", "GET"), status, location));

    private static Redirect Read(OutboundRequest request, int status, string? location) =>
        Redirect.Read(request, (HttpStatusCode)status, location is null ? null : new Uri(location, UriKind.RelativeOrAbsolute));

    private static OutboundRequest Request(string url, string method) => new(new HttpMethod(method), new Uri(url))
    {
        Body = "{}"u8.ToArray(),
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Accept"] = "*/*",
            ["Authorization"] = "Bearer secret",
            ["Content-Type"] = "application/json",
            ["Cookie"] = "session=secret",
            ["X-Api-Key"] = "secret",
        },
    };
}
