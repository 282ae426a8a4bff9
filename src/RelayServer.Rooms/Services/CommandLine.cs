using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// A line of a chat that is a command: <c>/SERVICE VERB #ITEM REST</c>, of which all but the service may be missing. The rest is for
/// <see cref="CommandWords"/>, once the verb's parameters are known.
/// </summary>
/// <param name="Service">Whom it is for; <see cref="ServiceProfile.HelpWord"/> for the relay.</param>
/// <param name="Verb">What is to be done; may be empty.</param>
/// <param name="Item">The item that it is about, without the <c>#</c>; may be empty.</param>
/// <param name="Rest">As it was typed, without spaces around.</param>
public readonly record struct CommandLine(string Service, string Verb, string Item, string Rest)
{
    /// <summary>What a command line begins with.</summary>
    public const char Sign = '/';

    private const char ItemSign = '#';

    /// <summary>A longer line is no command, in bytes.</summary>
    public const int BytesMax = 4000;

    /// <summary>True for a text that is a command: it begins with one slash, but not with two.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> text) => text.Length > 0 && text[0] == Sign && (text.Length == 1 || text[1] != Sign);

    /// <summary>Reads a line.</summary>
    /// <param name="text">One for which <see cref="IsCommand"/> holds.</param>
    /// <param name="line">What it says.</param>
    /// <returns>What is wrong with it, for people; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> text, out CommandLine line)
    {
        line = default;
        if (text.Length > BytesMax)
        {
            return $"a line that begins with {Sign} is a command, and has at most {BytesMax} bytes";
        }

        string left = Encoding.UTF8.GetString(text[1..]);
        string service = TakeWord(ref left);
        string verb = TakeWord(ref left);
        string item = left.StartsWith(ItemSign) ? TakeWord(ref left)[1..] : "";
        if (!ServiceName.IsValid(service))
        {
            return $"{Sign} is followed by the name of a service; {Sign}{ServiceProfile.HelpWord} lists them, and a line that begins with {Sign}{Sign} is said as it is";
        }

        if (verb.Length > 0 && !ServiceName.IsValid(verb))
        {
            return $"after {Sign}{service} comes a verb; {Sign}{service} alone lists them";
        }

        if (Encoding.UTF8.GetByteCount(item) > ProtocolLimits.ItemBytesMax)
        {
            return $"after {ItemSign} comes the id of an item, at most {ProtocolLimits.ItemBytesMax} bytes";
        }

        line = new CommandLine(service, verb, item, left);
        return null;
    }

    private static string TakeWord(ref string left)
    {
        int end = left.AsSpan().IndexOfAny(" \t\r\n");
        string word = end < 0 ? left : left[..end];
        left = end < 0 ? "" : left[end..].Trim(' ', '\t', '\r', '\n');
        return word;
    }
}
