using System.CommandLine;
using RelayServer.Client;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room notice</c>, <c>product</c> and <c>sold</c>.</summary>
internal static class RoomPinCommands
{
    private const string NoticeDetails =
        """
        An empty text takes the notice off.

        Examples:
          relay room notice sale 'Free shipping until midnight'
          relay room notice sale ''
        """;

    private const string ProductDetails =
        """
        The first time title and price are needed; later what is not given stays as it is.

        Examples:
          relay room product sale mug --title 'Blue mug' --price 12.90 --currency EUR --stock 40 --link https://shop.example/mug
          relay room product sale mug --stock 39
          relay room product sale mug --remove
        """;

    private const string SoldDetails = "It does not change the stock on the card.\n\nExamples:\n  relay room sold sale mug\n  relay room sold sale mug --quantity 2 --buyer 'Zoë from Lyon'";

    public static IEnumerable<Command> All()
    {
        var text = new Argument<string>("TEXT") { Description = "The notice; '' for none" };
        yield return RoomSubcommand.Change(
            "notice", "Pin a notice, or take it off", NoticeDetails, [text], parsed => RoomControl.Notice(parsed.GetRequiredValue(text)));
        yield return Product();
        Argument<string> id = Id();
        var quantity = new Option<uint>("--quantity") { Description = "Pieces", HelpName = "N", DefaultValueFactory = _ => 1 };
        var buyer = new Option<string?>("--buyer") { Description = "What the buyer is to be called", HelpName = "TEXT" };
        yield return RoomSubcommand.Change(
            "sold", "Tell the room of a purchase", SoldDetails, [id, quantity, buyer],
            parsed => RoomControl.Purchase(parsed.GetRequiredValue(id), parsed.GetValue(quantity), parsed.GetValue(buyer) ?? string.Empty));
    }

    private static Command Product()
    {
        Argument<string> id = Id();
        var title = new Option<string?>("--title") { Description = "What it is", HelpName = "TEXT" };
        var price = new Option<string?>("--price") { Description = "Such as 12.90", HelpName = "AMOUNT" };
        var currency = new Option<string?>("--currency") { Description = "Three letters, such as EUR", HelpName = "CODE" };
        var stock = new Option<string?>("--stock") { Description = "Pieces left; 'any' when they are not counted", HelpName = "N" };
        var link = new Option<string?>("--link") { Description = "Where it is sold", HelpName = "URL" };
        var remove = new Option<bool>("--remove") { Description = "Take the card off" };
        return RoomSubcommand.OfRoom("product", "Pin a product card, change it, or take it off", ProductDetails, [id, title, price, currency, stock, link, remove], parsed =>
        {
            string name = parsed.GetRequiredValue(id);
            if (parsed.GetValue(remove))
            {
                RoomControl removal = RoomSubcommand.Checked(RoomControl.Unpin(name));
                return (session, room, cancellationToken) => session.ChangeAsync(room, removal, cancellationToken);
            }

            var words = new ProductWords(parsed.GetValue(title), parsed.GetValue(price), parsed.GetValue(currency), parsed.GetValue(stock), parsed.GetValue(link));
            return (session, room, cancellationToken) => PinAsync(session, room, name, words, cancellationToken);
        });
    }

    private static async Task PinAsync(RoomSession session, string room, string id, ProductWords words, CancellationToken cancellationToken)
    {
        RoomStatus? status = words.IsComplete ? null : await session.Client.QueryStatusAsync(room, cancellationToken);
        RoomProduct product = words.ToProduct(id, status?.Products.FirstOrDefault(pinned => pinned.Id == id), out string? problem)
            ?? throw new SettingsException([problem!]);
        await session.ChangeAsync(room, RoomSubcommand.Checked(RoomControl.Pin(product)), cancellationToken);
    }

    private static Argument<string> Id() => new("ID") { Description = "The shop's name for the product" };
}
