using System.Buffers;

namespace RelayServer.Protocol;

/// <summary>
/// The names of channels. Of a room: a letter or digit, then letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; at most
/// <see cref="ProtocolLimits.ChannelNameBytesMax"/> bytes. Of a topic: <c>topic:</c> and its <see cref="TopicName"/>. Of an inbox:
/// <c>inbox:</c> and a user id.
/// </summary>
public static class ChannelName
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    /// <summary>What the name of a topic's channel begins with.</summary>
    public const string TopicPrefixText = "topic:";

    /// <summary>What the name of an inbox begins with.</summary>
    public const string InboxPrefixText = "inbox:";

    /// <inheritdoc cref="TopicPrefixText"/>
    public static ReadOnlySpan<byte> TopicPrefix => "topic:"u8;

    /// <inheritdoc cref="InboxPrefixText"/>
    public static ReadOnlySpan<byte> InboxPrefix => "inbox:"u8;

    /// <summary>True when <paramref name="name"/> can name a room.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= ProtocolLimits.ChannelNameBytesMax
        && char.IsAsciiLetterOrDigit((char)name[0])
        && !name.ContainsAnyExcept(Alphabet);

    /// <summary>True when <paramref name="name"/> can name a room.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > ProtocolLimits.ChannelNameBytesMax || !System.Text.Ascii.IsValid(name))
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[name.Length];
        System.Text.Encoding.ASCII.GetBytes(name, ascii);
        return IsValid(ascii);
    }

    /// <summary>What a channel of this name is; null when there can be none.</summary>
    public static ChannelKind? KindOf(ReadOnlySpan<byte> name) =>
        IsValid(name) ? ChannelKind.Room
        : name.StartsWith(TopicPrefix) && TopicName.IsValid(name[TopicPrefix.Length..]) ? ChannelKind.Topic
        : name.StartsWith(InboxPrefix) && IsUser(name[InboxPrefix.Length..]) ? ChannelKind.Inbox
        : null;

    /// <summary>True when <paramref name="name"/> is that of this user's inbox.</summary>
    public static bool IsInboxOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> userId) =>
        name.StartsWith(InboxPrefix) && name[InboxPrefix.Length..].SequenceEqual(userId);

    // Whose inbox there is, tokens say, whose user ids have stricter rules.
    private static bool IsUser(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= ProtocolLimits.UserIdBytesMax && !name.ContainsAnyInRange((byte)0, (byte)0x1f);
}
