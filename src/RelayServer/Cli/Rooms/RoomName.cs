using System.CommandLine.Parsing;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Cli.Rooms;

/// <summary>What may name a room on the command line.</summary>
internal static class RoomName
{
    /// <summary>Adds an error when an argument or option cannot name a room.</summary>
    public static void Validate(SymbolResult result)
    {
        if (result.Tokens is [{ Value: var name }, ..] && Check(name) is { } problem)
        {
            result.AddError(problem);
        }
    }

    /// <summary>Why a text cannot name a room; null when it can.</summary>
    public static string? Check(string text) => ChannelName.KindOf(Encoding.UTF8.GetBytes(text)) == ChannelKind.Room
        ? null
        : $"'{text}' cannot name a room: a name is a letter or digit, then letters, digits, '.', '_' and '-', at most {ProtocolLimits.ChannelNameBytesMax} in all, without spaces";
}
