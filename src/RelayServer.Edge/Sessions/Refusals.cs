using System.Text;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Sessions;

/// <summary>Says no to requests of sessions, and counts it.</summary>
internal sealed class Refusals(IEdgeEffects effects, EdgeCounters counters)
{
    public const uint RetryAfterMilliseconds = 500;

    public void Refuse(
        EdgeSession session, uint correlation, ErrorCode code, ReadOnlySpan<byte> text, ReadOnlySpan<byte> channel = default, ulong? number = null,
        uint retryAfterMilliseconds = RetryAfterMilliseconds) => Send(session, correlation, new ErrorBody
        {
            Code = code,
            Text = text,
            RetryAfterMilliseconds = code.Family() == ErrorFamily.Retry ? retryAfterMilliseconds : 0,
            Channel = ChannelName.KindOf(channel) is null ? default : channel,
            Number = number,
        });

    /// <summary>With a refusal that a room's state has given; it may say how long it lasts.</summary>
    public void Refuse(
        EdgeSession session, uint correlation, ControlRefusal refusal, ReadOnlySpan<byte> channel, ulong? number = null) => Send(session, correlation, new ErrorBody
    {
        Code = refusal.Code,
        Text = Encoding.UTF8.GetBytes(refusal.Text),
        RetryAfterMilliseconds = refusal.RetryAfterMilliseconds,
        Channel = ChannelName.KindOf(channel) is null ? default : channel,
        Number = number,
    });

    /// <summary>Counts a refusal that a master decided.</summary>
    public void Count(ReadOnlySpan<byte> errorBody)
    {
        if (ErrorBody.TryDecode(errorBody, out ErrorBody error) == DecodeStatus.Ok)
        {
            counters.CountRefusal(error.Code);
        }
    }

    private void Send(EdgeSession session, uint correlation, in ErrorBody error)
    {
        counters.CountRefusal(error.Code);
        effects.Send(session, ServerFrames.Error(correlation, error));
    }
}
