namespace RelayServer.Cli.Chat;

/// <summary>What a chat has done. The sending and the receiving side each write their own numbers.</summary>
internal sealed class ChatCounts
{
    public long Published { get; set; }

    public long Acked { get; set; }

    /// <summary>Given up: refused for good, or for too long.</summary>
    public long Refused { get; set; }

    public long Received { get; set; }

    public long Gaps { get; set; }

    public override string ToString() =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"relay chat: published {Published}, acked {Acked}, received {Received}, gaps {Gaps}");
}
