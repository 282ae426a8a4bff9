namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Links that may be shown: http and https, without a password in them.</summary>
internal static class WebLink
{
    /// <summary>The link when it may be shown, else empty.</summary>
    /// <param name="link">What was given.</param>
    /// <param name="origin">What a relative link is relative to; null refuses relative links.</param>
    public static string Accept(string? link, Uri? origin = null)
    {
        if (string.IsNullOrWhiteSpace(link) || link.Length > FeedLimits.LinkBytesMax)
        {
            return string.Empty;
        }

        // A rooted path is a file to the parser, and an address relative to the feed to everybody else.
        bool parsed = Uri.TryCreate(link.Trim(), UriKind.Absolute, out Uri? address) && IsWeb(address);
        if (!parsed && origin is not null && IsWeb(origin))
        {
            parsed = Uri.TryCreate(origin, link.Trim(), out address) && IsWeb(address);
        }

        return parsed && System.Text.Encoding.UTF8.GetByteCount(address!.AbsoluteUri) <= FeedLimits.LinkBytesMax ? address.AbsoluteUri : string.Empty;
    }

    /// <summary>True for an absolute http or https address that names nobody.</summary>
    public static bool IsWeb(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Host.Length > 0;
}
