namespace RelayServer.Protocol;

/// <summary>What a channel is for, as far as rights go.</summary>
public enum ChannelKind : byte
{
    /// <summary>People talk.</summary>
    Room = 0,

    /// <summary>Services tell those who subscribed.</summary>
    Topic = 1,

    /// <summary>Services tell one user. Whose inbox it is, the caller checks.</summary>
    Inbox = 2,
}
