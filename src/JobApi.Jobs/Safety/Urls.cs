namespace JobApi.Jobs.Safety;

/// <summary>Which addresses requests can be sent to.</summary>
internal static class Urls
{
    public const string Rule = "Must be an absolute http or https address without a user name or password, at most 8,000 characters long.";

    /// <summary>Absolute, http or https, and without credentials, which would end up in logs and errors.</summary>
    public static bool AreSendable(Uri? url) =>
        url is { IsAbsoluteUri: true, UserInfo.Length: 0, OriginalString.Length: <= 8_000, Host.Length: > 0 }
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
