using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Reads the shape of a control; whether its values are in range is <see cref="ControlCheck"/>'s to say.</summary>
internal static class ControlReader
{
    private static readonly ControlRefusal s_noControl = new(
        ErrorCode.MalformedBody, "the payload is not a control: one whole MessagePack array that begins with the number of a verb");

    public static RoomControl? Read(ReadOnlySpan<byte> payload, out ControlRefusal? refusal)
    {
        var arguments = new ArgumentReader(payload);
        RoomControl? control = arguments.Refusal is null ? ReadArguments(ref arguments) : null;
        if (arguments.Finish())
        {
            refusal = null;
            return control;
        }

        // Bytes that are cut short, or go on, are no control with a bad argument, whatever was read of them before.
        refusal = ArgumentReader.IsControl(payload) ? arguments.Refusal : null;
        refusal ??= s_noControl;
        return null;
    }

    private static RoomControl ReadArguments(ref ArgumentReader arguments)
    {
        switch (arguments.Verb)
        {
            case ControlVerb.Create:
                return RoomControl.Create(
                    arguments.ReadText(ControlArguments.Title),
                    arguments.ReadText(ControlArguments.Description),
                    arguments.ReadNumber(ControlArguments.StartsAt));
            case ControlVerb.Set:
                return RoomControl.Set(arguments.ReadSettings(ControlArguments.Settings));
            case ControlVerb.Split:
                return ReadSplit(ref arguments);
            case ControlVerb.Product:
                return RoomControl.Pin(ReadProduct(ref arguments));
            case ControlVerb.ProductRemoved:
                return RoomControl.Unpin(arguments.ReadText(ControlArguments.Id));
            case ControlVerb.Purchase:
                return RoomControl.Purchase(
                    arguments.ReadText(ControlArguments.ProductId),
                    arguments.ReadUInt32(ControlArguments.Quantity),
                    arguments.ReadText(ControlArguments.Buyer));
            case ControlVerb.Notice:
                return RoomControl.Notice(arguments.ReadText(ControlArguments.Notice));
            case ControlVerb.Start or ControlVerb.End or ControlVerb.Merge:
                return new RoomControl { Verb = arguments.Verb };
            case ControlVerb.BanAddress:
                return ReadBanAddress(ref arguments);
            case ControlVerb.Subscribe:
                return RoomControl.Subscribe(
                    arguments.ReadText(ControlArguments.Topic),
                    arguments.ReadTexts(ControlArguments.Subjects, ProtocolLimits.SubjectsMax),
                    arguments.ReadNumber(ControlArguments.ExpiresAt));
            case ControlVerb.Unsubscribe:
                return RoomControl.Unsubscribe(arguments.ReadText(ControlArguments.Topic));
            case ControlVerb.Invite:
                return RoomControl.Invite(arguments.ReadText(ControlArguments.Service), arguments.ReadNumber(ControlArguments.Invited, 1) == 1);
            default:
                return ReadAboutSomebody(ref arguments);
        }
    }

    private static RoomControl ReadAboutSomebody(ref ArgumentReader arguments)
    {
        string user = arguments.ReadText(ControlArguments.User);
        return arguments.Verb switch
        {
            ControlVerb.Appoint => RoomControl.Appoint(user, (Role)arguments.ReadNumber(ControlArguments.Role, (ulong)Role.Operator)),
            ControlVerb.Mute => RoomControl.Mute(user, arguments.ReadUInt32(ControlArguments.Seconds), arguments.ReadText(ControlArguments.Reason)),
            ControlVerb.Kick => RoomControl.Kick(user, arguments.ReadText(ControlArguments.Reason)),
            ControlVerb.Ban => RoomControl.Ban(user, arguments.ReadUInt32(ControlArguments.Seconds), arguments.ReadText(ControlArguments.Reason)),
            _ => RoomControl.Delete(user, arguments.ReadNumber(ControlArguments.ProducerId), arguments.ReadNumber(ControlArguments.Number)),
        };
    }

    // In the log it is the verb alone; as a request it is then refused for its range, which is none.
    private static RoomControl ReadBanAddress(ref ArgumentReader arguments) => arguments.Left == 0
        ? new RoomControl { Verb = ControlVerb.BanAddress }
        : RoomControl.BanAddress(
            arguments.ReadText(ControlArguments.Range),
            arguments.ReadUInt32(ControlArguments.Seconds),
            arguments.ReadText(ControlArguments.Reason));

    // The number of groups may be absent where there is none to say.
    private static RoomControl ReadSplit(ref ArgumentReader arguments)
    {
        ulong mode = arguments.ReadNumber(ControlArguments.Mode, (ulong)ControlSplit.Auto);
        uint groups = arguments.Left > 0 ? arguments.ReadUInt32(ControlArguments.Groups) : 0;
        return new RoomControl { Verb = ControlVerb.Split, Split = (ControlSplit)mode, Groups = groups };
    }

    private static RoomProduct ReadProduct(ref ArgumentReader arguments) => new(
        arguments.ReadText(ControlArguments.Id),
        arguments.ReadText(ControlArguments.ProductTitle),
        arguments.ReadNumber(ControlArguments.Price),
        arguments.ReadText(ControlArguments.Currency),
        arguments.ReadUInt32(ControlArguments.Stock),
        arguments.ReadText(ControlArguments.Link));
}
