using System.Globalization;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>A product card as it is typed; null for what is to stay as it is.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Price">The amount, such as <c>12.90</c>.</param>
/// <param name="Currency">Three letters; <c>EUR</c> when neither this nor a card says so.</param>
/// <param name="Stock">Pieces left; <c>any</c> when they are not counted.</param>
/// <param name="Link">Where it is sold.</param>
internal sealed record ProductWords(string? Title, string? Price, string? Currency, string? Stock, string? Link)
{
    public const string Uncounted = "any";

    private const string DefaultCurrency = "EUR";

    /// <summary>True when it makes a card without one that is there.</summary>
    public bool IsComplete => Title is not null && Price is not null && Currency is not null && Stock is not null && Link is not null;

    /// <summary>The card.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="pinned">The card that is pinned with that id; null when none is.</param>
    /// <param name="problem">Why there is none, when the answer is null.</param>
    public RoomProduct? ToProduct(string id, RoomProduct? pinned, out string? problem)
    {
        string currency = (Currency ?? pinned?.Currency ?? DefaultCurrency).ToUpperInvariant();
        ulong price = pinned?.PriceMinor ?? 0;
        uint stock = pinned?.Stock ?? uint.MaxValue;
        problem = null;
        if (pinned is null && (Title is null || Price is null))
        {
            problem = $"no product '{id}' is pinned; a new card needs a title and a price";
        }
        else if (Price is not null && !Money.TryParse(Price, currency, out price))
        {
            problem = $"'{Price}' is no price in {currency}; write it like 12.90";
        }
        else if (Price is null && pinned is not null && currency != pinned.Currency)
        {
            problem = $"a price in {currency} is needed, too: that of '{id}' is in {pinned.Currency}";
        }
        else if (Stock == Uncounted)
        {
            stock = uint.MaxValue;
        }
        else if (Stock is not null && !uint.TryParse(Stock, NumberStyles.None, CultureInfo.InvariantCulture, out stock))
        {
            problem = $"'{Stock}' is no number of pieces; write a number, or '{Uncounted}' when they are not counted";
        }

        return problem is null ? new RoomProduct(id, Title ?? pinned!.Title, price, currency, stock, Link ?? pinned?.Link ?? string.Empty) : null;
    }
}
