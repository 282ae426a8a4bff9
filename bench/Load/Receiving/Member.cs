using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Load.Sessions;

namespace RelayServer.Bench.Load.Receiving;

/// <summary>One connection that joins a channel and listens.</summary>
internal sealed class Member
{
    /// <summary>A member that is about to sign in.</summary>
    public Member(int index, RawSocket socket, byte[] channel)
    {
        Cursor = new MemberCursor(index);
        Socket = socket;
        Channel = channel;
    }

    /// <summary>What it has received.</summary>
    public MemberCursor Cursor { get; }

    /// <summary>Its connection.</summary>
    public RawSocket Socket { get; }

    /// <summary>The channel that it joins.</summary>
    public byte[] Channel { get; }

    /// <summary>What WELCOME said; empty before.</summary>
    public SessionLimits Limits { get; set; }

    /// <summary>When it last sent something.</summary>
    public long SentNanoseconds { get; set; }

    /// <summary>True once it is a member.</summary>
    public bool Joined { get; set; }

    /// <summary>True once its connection has ended.</summary>
    public bool Closed { get; set; }
}
