namespace RelayServer.Protocol;

/// <summary>Limits of protocol version 1. PROTOCOL.md, "Limits", is checked against these values by a test.</summary>
public static class ProtocolLimits
{
    /// <summary>The version that this library speaks.</summary>
    public const uint Version = 1;

    /// <summary>Body of one frame before WELCOME, in bytes.</summary>
    public const int HandshakeFrameBytesMax = 4 * 1024;

    /// <summary>All bytes that a client may send before WELCOME.</summary>
    public const int HandshakeBytesMax = 8 * 1024;

    /// <summary>Body of one frame from a client after WELCOME, in bytes.</summary>
    public const int ClientFrameBytesMax = 64 * 1024;

    /// <summary>Body of one frame from a server, in bytes.</summary>
    public const int ServerFrameBytesMax = 128 * 1024;

    /// <summary>Payload of one message, in bytes.</summary>
    public const int PayloadBytesMax = 60 * 1024;

    /// <summary>A DELIVER body takes no further message once it has this many bytes.</summary>
    public const int DeliverBodyBytesTarget = 64 * 1024;

    /// <summary>A token, in bytes.</summary>
    public const int TokenBytesMax = 4000;

    /// <summary>A channel name, in bytes.</summary>
    public const int ChannelNameBytesMax = 128;

    /// <summary>A user id, in bytes.</summary>
    public const int UserIdBytesMax = 128;

    /// <summary>A human-readable text in ERROR, CLOSE, HELLO and WELCOME, in bytes.</summary>
    public const int TextBytesMax = 512;

    /// <summary>Capabilities named in HELLO or WELCOME.</summary>
    public const int CapabilitiesMax = 32;

    /// <summary>The name of one capability, in bytes.</summary>
    public const int CapabilityNameBytesMax = 32;

    /// <summary>Nesting of arrays and maps in a body.</summary>
    public const int DepthMax = 8;

    /// <summary>Messages of history that a JOIN may ask for by count.</summary>
    public const int JoinHistoryMessagesMax = 1000;

    /// <summary>Messages in one PUB_ACK.</summary>
    public const int PubAckMessagesMax = 4096;

    /// <summary>Partitions of one generation of a room.</summary>
    public const int PartitionsMax = 128;

    /// <summary>The map of a partitioning from hash buckets to groups, in bytes: one for each bucket.</summary>
    public const int PartitionMapBytesMax = 1024;

    /// <summary>The name of an edge in a partitioning, in bytes.</summary>
    public const int EdgeNameBytesMax = 128;

    /// <summary>The title of a room or product, in bytes.</summary>
    public const int TitleBytesMax = 200;

    /// <summary>The description or the pinned notice of a room, in bytes.</summary>
    public const int RoomTextBytesMax = 2000;

    /// <summary>The link of a product, in bytes.</summary>
    public const int LinkBytesMax = 500;

    /// <summary>The id of a product, in bytes.</summary>
    public const int ProductIdBytesMax = 64;

    /// <summary>The currency of a price, in bytes.</summary>
    public const int CurrencyBytesMax = 3;

    /// <summary>The reason of a mute, kick or ban, in bytes.</summary>
    public const int ReasonBytesMax = 200;

    /// <summary>What a list of rooms is searched for, in bytes.</summary>
    public const int SearchBytesMax = 200;

    /// <summary>Products pinned in a room.</summary>
    public const int ProductsMax = 10;

    /// <summary>Settings in one body.</summary>
    public const int SettingsMax = 32;

    /// <summary>Names in a list of members.</summary>
    public const int MemberNamesMax = 200;

    /// <summary>Rooms in a list of rooms.</summary>
    public const int RoomsListedMax = 100;

    /// <summary>Restrictions in a list of those of a room.</summary>
    public const int RestrictionsListedMax = 100;

    /// <summary>Kinds of reactions: their numbers are below this.</summary>
    public const int ReactionsMax = 32;

    /// <summary>Reactions that one REACT may count.</summary>
    public const int ReactionCountMax = 100;

    /// <summary>The name of an inbox: <c>inbox:</c> and a user id, in bytes. No channel has a longer name.</summary>
    public const int InboxNameBytesMax = 6 + UserIdBytesMax;

    /// <summary>The name of a service, verb or parameter, in bytes.</summary>
    public const int ServiceWordBytesMax = 32;

    /// <summary>The name of a topic without that of its service, in bytes.</summary>
    public const int TopicWordBytesMax = 64;

    /// <summary>The name of a topic as service.topic, in bytes.</summary>
    public const int TopicNameBytesMax = ServiceWordBytesMax + 1 + TopicWordBytesMax;

    /// <summary>A subject, in bytes.</summary>
    public const int SubjectBytesMax = 64;

    /// <summary>Subjects of one update or one subscription.</summary>
    public const int SubjectsMax = 64;

    /// <summary>Verbs of a service.</summary>
    public const int VerbsMax = 32;

    /// <summary>Parameters of a verb.</summary>
    public const int ParametersMax = 8;

    /// <summary>Topics of a service.</summary>
    public const int TopicsMax = 32;

    /// <summary>Subjects that a topic lists.</summary>
    public const int TopicSubjectsMax = 4096;

    /// <summary>Texts of a service in further languages.</summary>
    public const int LocaleTextsMax = 256;

    /// <summary>The name of a language, in bytes.</summary>
    public const int LocaleBytesMax = 35;

    /// <summary>What a text in a further language is of, in bytes.</summary>
    public const int LocaleKeyBytesMax = 80;

    /// <summary>Arguments of a command.</summary>
    public const int ArgumentsMax = 16;

    /// <summary>An argument of a command, in bytes.</summary>
    public const int ArgumentBytesMax = 2000;

    /// <summary>The id of an item, in bytes.</summary>
    public const int ItemBytesMax = 128;

    /// <summary>The text of a result or card, in bytes.</summary>
    public const int ResultTextBytesMax = 4000;

    /// <summary>A whole card as it is encoded, in bytes.</summary>
    public const int CardBytesMax = 16 * 1024;

    /// <summary>Fields of a card.</summary>
    public const int CardFieldsMax = 16;

    /// <summary>The name of a field of a card, or the label of an action, in bytes.</summary>
    public const int CardFieldNameBytesMax = 64;

    /// <summary>The value of a field of a card, in bytes.</summary>
    public const int CardFieldValueBytesMax = 500;

    /// <summary>Actions of a card.</summary>
    public const int CardActionsMax = 8;

    /// <summary>The payload of an update, in bytes.</summary>
    public const int UpdateBytesMax = 16 * 1024;

    /// <summary>What a service knows a user by, in bytes.</summary>
    public const int SubjectIdBytesMax = 64;

    /// <summary>What a service knows a repeated call by, in bytes.</summary>
    public const int CallKeyBytesMax = 64;

    /// <summary>Entries of one menu.</summary>
    public const int MenuEntriesMax = 100;

    /// <summary>Subscriptions of one room or inbox.</summary>
    public const int SubscriptionsMax = 64;

    /// <summary>Largest message number, sequence number, epoch or generation: what every language's signed 64 bits hold.</summary>
    public const ulong NumberMax = long.MaxValue;
}
