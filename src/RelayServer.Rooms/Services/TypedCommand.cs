using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// A line of a chat that is a command, by the grammar of the specification ("Commands"): <c>/SERVICE VERB #ITEM REST</c>, of which all but
/// the service may be missing. The rest is for <see cref="CommandWords"/>, once the verb's parameters are known.
/// </summary>
/// <param name="Service">Whom it is for, as it was typed; empty for the relay.</param>
/// <param name="Verb">What is to be done, as it was typed; may be empty.</param>
/// <param name="Item">The item that it is about, without the <c>#</c>; may be empty.</param>
/// <param name="Rest">As it was typed, without spaces before it.</param>
public readonly record struct TypedCommand(string Service, string Verb, string Item, string Rest)
{
    /// <summary>What a command line begins with.</summary>
    public const char Sign = '/';

    /// <summary>A longer line is no command, in bytes.</summary>
    public const int BytesMax = 4000;

    private const char ItemSign = '#';

    /// <summary>True for a text that is a command: it begins with one slash, but not with two.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> text) => text.Length > 0 && text[0] == Sign && (text.Length == 1 || text[1] != Sign);

    /// <summary>Reads a line.</summary>
    /// <param name="text">One for which <see cref="IsCommand"/> holds.</param>
    /// <param name="line">What it says.</param>
    /// <returns>What is wrong with it, for people; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> text, out TypedCommand line)
    {
        line = default;
        if (text.Length > BytesMax)
        {
            return $"a line that begins with {Sign} is a command, and has at most {BytesMax} bytes";
        }

        string left = Encoding.UTF8.GetString(text[1..]);
        string service = TakeWord(ref left);
        if (service.Length == 0)
        {
            return $"{Sign} is followed by the name of a service; {Sign}{ServiceProfile.HelpWord} lists them, and a line that begins with {Sign}{Sign} is said as it is";
        }

        bool isHelp = service == ServiceProfile.HelpWord;
        string verb = isHelp ? service : TakeWord(ref left);
        string item = !isHelp && left.StartsWith(ItemSign) ? TakeWord(ref left)[1..] : "";
        if (Encoding.UTF8.GetByteCount(item) > ProtocolLimits.ItemBytesMax)
        {
            return $"after {ItemSign} comes the id of an item, at most {ProtocolLimits.ItemBytesMax} bytes";
        }

        line = new TypedCommand(isHelp ? "" : service, verb, item, left);
        return null;
    }

    private static string TakeWord(ref string left)
    {
        int end = left.IndexOf(' ', StringComparison.Ordinal);
        string word = end < 0 ? left : left[..end];
        left = end < 0 ? "" : left[end..].TrimStart(' ');
        return word;
    }
}
