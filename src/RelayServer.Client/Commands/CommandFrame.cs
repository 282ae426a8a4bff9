using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>Writes commands: as COMMAND, or as the text of a PUBLISH, of which the relay knows how the verb wants it cut.</summary>
internal static class CommandFrame
{
    /// <summary>The body of a COMMAND.</summary>
    /// <exception cref="ArgumentException">A part is too long for one; the relay would end the connection.</exception>
    public static byte[] Encode(CommandRequest request, ulong producerId, ulong number)
    {
        byte[] arguments = EncodedTexts.EncodeList(
            request.Arguments, "Arguments", ProtocolLimits.ArgumentsMax, ProtocolLimits.ArgumentBytesMax);
        var body = new CommandBody
        {
            Channel = EncodedTexts.Encode(request.Room ?? "", "Room", 0, ProtocolLimits.ChannelNameBytesMax),
            Item = EncodedTexts.Encode(request.Item ?? "", "Item", 0, ProtocolLimits.ItemBytesMax),
            ProducerId = producerId,
            Number = number,
            Locale = EncodedTexts.Encode(request.Locale, "Locale", 0, ProtocolLimits.LocaleBytesMax),
            Service = EncodedTexts.Encode(request.Service, "Service", 0, ProtocolLimits.ServiceWordBytesMax),
            Verb = EncodedTexts.Encode(request.Verb, "Verb", 0, ProtocolLimits.ServiceWordBytesMax),
            Arguments = new EncodedList<CommandArgument>(arguments, request.Arguments.Count),
        };
        return body.ToBytes();
    }

    /// <summary>The body of a PUBLISH that has a line for its text.</summary>
    public static byte[] EncodeLine(string channel, ReadOnlySpan<byte> line, ulong producerId, ulong number)
    {
        byte[] channelUtf8 = Encoding.UTF8.GetBytes(channel);
        var body = new PublishBody { Channel = channelUtf8, ProducerId = producerId, Number = number, Kind = MessageKind.Text, Payload = line };
        byte[] bytes = new byte[PublishBody.OverheadBytesMax + channelUtf8.Length + line.Length];
        body.TryEncode(bytes, out int written);
        return bytes[..written];
    }

    /// <summary>What a typed line says.</summary>
    /// <param name="line">It begins with one slash.</param>
    /// <param name="item">The item that it is about; null when the line says that itself, or it is about none.</param>
    /// <param name="withItem">The line with the item in it; null when that has spaces, for which a line has no place.</param>
    /// <exception cref="ArgumentException">It is no command.</exception>
    /// <exception cref="RelayException">It is none that the relay would take: <see cref="ErrorCode.BadArgument"/>.</exception>
    public static TypedCommand Read(string line, string? item, out byte[]? withItem)
    {
        withItem = EncodedTexts.Encode(line, nameof(line), 1, ProtocolLimits.PayloadBytesMax);
        if (!TypedCommand.IsCommand(withItem))
        {
            throw new ArgumentException("a command begins with one '/'", nameof(line));
        }

        if (TypedCommand.Read(withItem, out TypedCommand read) is { } problem)
        {
            throw RelayException.Refused(ErrorCode.BadArgument, problem);
        }

        if (item is null || read.Service.Length == 0)
        {
            return read;
        }

        EncodedTexts.Encode(item, nameof(item), 1, ProtocolLimits.ItemBytesMax);
        read = read with { Item = item };
        string text = $"{TypedCommand.Sign}{read.Service} {read.Verb} #{item} {read.Rest}".TrimEnd();
        withItem = item.Any(char.IsWhiteSpace) || read.Verb.Length == 0 ? null : Encoding.UTF8.GetBytes(text);
        return read;
    }

    /// <summary>Cuts a line here, for where there is nobody who knows how the verb wants it.</summary>
    /// <exception cref="RelayException">It cannot be cut, or names what there cannot be.</exception>
    public static CommandRequest Split(in TypedCommand line, string? room)
    {
        string? problem = CommandWords.Split(line.Rest, int.MaxValue, out List<string> words);
        ErrorCode code = line.Service.Length > 0 && !ServiceName.IsValid(line.Service) ? ErrorCode.UnknownService
            : line.Verb.Length > 0 && !ServiceName.IsValid(line.Verb) ? ErrorCode.UnknownVerb
            : problem is not null || words.Count > ProtocolLimits.ArgumentsMax ? ErrorCode.BadArgument
            : ErrorCode.None;
        return code == ErrorCode.None
            ? new CommandRequest { Service = line.Service, Verb = line.Verb, Item = line.Item, Arguments = words, Room = room }
            : throw RelayException.Refused(code, code switch
            {
                ErrorCode.UnknownService => $"no service can be called {line.Service}",
                ErrorCode.UnknownVerb => $"no verb can be called {line.Verb}",
                _ => problem ?? $"a command has at most {ProtocolLimits.ArgumentsMax} arguments; put an argument of several words in quotation marks",
            });
    }
}
