using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>A product card: <c>[id, title, price_minor, currency, stock, link]</c>.</summary>
/// <param name="Id">The shop's name for it, 1 to <see cref="RoomLimits.ProductIdBytesMax"/> bytes.</param>
/// <param name="Title">What it is, 1 to <see cref="RoomLimits.TitleBytesMax"/> bytes.</param>
/// <param name="PriceMinor">The price in the currency's smallest unit (cents, for EUR).</param>
/// <param name="Currency">Three capital letters of ISO 4217, such as <c>EUR</c>.</param>
/// <param name="Stock">Pieces left; <see cref="uint.MaxValue"/>: not counted.</param>
/// <param name="Link">Where it is sold: empty, or an absolute http or https address of at most <see cref="RoomLimits.LinkBytesMax"/> bytes.</param>
public sealed record RoomProduct(string Id, string Title, ulong PriceMinor, string Currency, uint Stock, string Link)
{
    internal const int FieldCount = 6;

    /// <summary>Why this is no product card; null when it is one.</summary>
    public ControlRefusal? Check()
    {
        if (ControlText.Check("the product's id", Id, 1, RoomLimits.ProductIdBytesMax) is { } badId)
        {
            return badId;
        }

        if (ControlText.Check("the product's title", Title, 1, RoomLimits.TitleBytesMax) is { } badTitle)
        {
            return badTitle;
        }

        if (PriceMinor > ProtocolLimits.NumberMax)
        {
            return new ControlRefusal(ErrorCode.BadArgument, "the price is above what a number may be");
        }

        if (Currency.Length != RoomLimits.CurrencyLetters || !Currency.All(char.IsAsciiLetterUpper))
        {
            return new ControlRefusal(ErrorCode.BadArgument, "a currency is three capital letters, such as EUR");
        }

        return ControlText.Check("the product's link", Link, 0, RoomLimits.LinkBytesMax) ?? CheckLink();
    }

    private ControlRefusal? CheckLink() =>
        Link.Length == 0 || (Uri.TryCreate(Link, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp))
            ? null
            : new ControlRefusal(ErrorCode.BadArgument, "a product's link is empty or begins with https:// or http://");
}
