using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Walks the lists in the bodies and payloads about services. Allocates nothing itself.</summary>
internal static class ServiceBodyWalk
{
    public static int Walk(FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.Command when CommandBody.TryDecode(body, out CommandBody command) == DecodeStatus.Ok:
                return Arguments(command.Arguments);
            case FrameType.Call when CallBody.TryDecode(body, out CallBody call) == DecodeStatus.Ok:
                return Arguments(call.Arguments);
            case FrameType.Result when ResultBody.TryDecode(body, out ResultBody result) == DecodeStatus.Ok:
                return Card(result.Card);
            case FrameType.Return when ReturnBody.TryDecode(body, out ReturnBody returned) == DecodeStatus.Ok:
                return Card(returned.Card);
            case FrameType.Register when RegisterBody.TryDecode(body, out RegisterBody register) == DecodeStatus.Ok:
                return Verbs(register.Verbs) + Topics(register.Topics) + Texts(register.Texts);
            case FrameType.Answer when MenuBody.TryDecode(body, out MenuBody menu) == DecodeStatus.Ok:
                return Entries(menu.Entries);
            case FrameType.Answer when SubscriptionListBody.TryDecode(body, out SubscriptionListBody list) == DecodeStatus.Ok:
                return Subscriptions(list.Subscriptions);
            default:
                return 0;
        }
    }

    /// <summary>Walks the payload of a message, when it is a whole one of a kind about services.</summary>
    public static int Walk(MessageKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case MessageKind.Update when UpdatePayload.TryDecode(payload, out UpdatePayload update) == DecodeStatus.Ok:
                return Subjects(update.Subjects) + Card(update.Card);
            case MessageKind.Result when ResultPayload.TryDecode(payload, out ResultPayload result) == DecodeStatus.Ok:
                return Card(result.Card);
            case MessageKind.Subscription when SubscriptionPayload.TryDecode(payload, out SubscriptionPayload subscription) == DecodeStatus.Ok:
                return subscription.Topic.Length;
            default:
                return 0;
        }
    }

    private static int Card(CardBody card)
    {
        int count = 0;
        foreach (CardFieldEntry field in card.Fields)
        {
            count += field.Name.Length <= ProtocolLimits.CardFieldNameBytesMax ? 1 : 0;
        }

        foreach (CardActionEntry action in card.Actions)
        {
            count += Arguments(action.Arguments);
        }

        return count;
    }

    private static int Arguments(EncodedList<CommandArgument> arguments)
    {
        int count = 0;
        foreach (CommandArgument argument in arguments)
        {
            count += argument.Value.Length <= ProtocolLimits.ArgumentBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Subjects(EncodedList<SubjectName> subjects)
    {
        int count = 0;
        foreach (SubjectName subject in subjects)
        {
            count += subject.Value.Length <= ProtocolLimits.SubjectBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Verbs(EncodedList<VerbEntry> verbs)
    {
        int count = 0;
        foreach (VerbEntry verb in verbs)
        {
            foreach (ParameterEntry parameter in verb.Parameters)
            {
                count += parameter.Name.Length <= ProtocolLimits.ServiceWordBytesMax ? 1 : 0;
            }
        }

        return count;
    }

    private static int Topics(EncodedList<TopicEntry> topics)
    {
        int count = 0;
        foreach (TopicEntry topic in topics)
        {
            foreach (TopicSubjectEntry subject in topic.Subjects)
            {
                count += subject.Name.Length <= ProtocolLimits.SubjectBytesMax ? 1 : 0;
            }
        }

        return count;
    }

    private static int Texts(EncodedList<LocaleTextEntry> texts)
    {
        int count = 0;
        foreach (LocaleTextEntry text in texts)
        {
            count += text.Key.Length <= ProtocolLimits.LocaleKeyBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Entries(EncodedList<MenuEntry> entries)
    {
        int count = 0;
        foreach (MenuEntry entry in entries)
        {
            count += entry.Name.Length <= ProtocolLimits.TopicNameBytesMax ? 1 : 0;
        }

        return count;
    }

    private static int Subscriptions(EncodedList<SubscriptionEntry> subscriptions)
    {
        int count = 0;
        foreach (SubscriptionEntry subscription in subscriptions)
        {
            count += Subjects(subscription.Subjects);
        }

        return count;
    }
}
