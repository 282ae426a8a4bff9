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
    public ControlRefusal? Check() =>
        ControlArguments.Id.Check(ControlVerb.Product, Id)
        ?? ControlArguments.ProductTitle.Check(ControlVerb.Product, Title)
        ?? ControlArguments.Price.Check(ControlVerb.Product, PriceMinor)
        ?? (IsCurrency ? null : ControlArguments.Currency.Refuse(ControlVerb.Product))
        ?? (IsLink ? null : ControlArguments.Link.Refuse(ControlVerb.Product));

    private bool IsCurrency => Currency.Length == RoomLimits.CurrencyLetters && Currency.All(char.IsAsciiLetterUpper);

    private bool IsLink =>
        Link.Length == 0
        || (ControlText.Fits(Link, 0, RoomLimits.LinkBytesMax, lines: false)
            && Uri.TryCreate(Link, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));
}
