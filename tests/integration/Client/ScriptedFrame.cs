using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>A frame that a client sent.</summary>
internal sealed record ScriptedFrame(FrameHeader Header, byte[] Body)
{
    public FrameType Type => Header.Type;

    public (string Channel, JoinStart Start, uint Last, Position Position) Join()
    {
        Assert.Equal(DecodeStatus.Ok, JoinBody.TryDecode(Body, out JoinBody body));
        return (Encoding.UTF8.GetString(body.Channel), body.Start, body.LastMessages, body.Position);
    }

    /// <summary>Of a JOIN: as an observer.</summary>
    public bool Observes()
    {
        Assert.Equal(DecodeStatus.Ok, JoinBody.TryDecode(Body, out JoinBody body));
        return body.Observe;
    }

    /// <summary>Of a JOIN: the positions of an observer that resumes.</summary>
    public List<Position> Positions()
    {
        Assert.Equal(DecodeStatus.Ok, JoinBody.TryDecode(Body, out JoinBody body));
        var positions = new List<Position>();
        foreach (Position position in body.Positions)
        {
            positions.Add(position);
        }

        return positions;
    }

    public (string Channel, ulong ProducerId, ulong Number, string Text) Publish()
    {
        Assert.Equal(DecodeStatus.Ok, PublishBody.TryDecode(Body, out PublishBody body));
        return (Encoding.UTF8.GetString(body.Channel), body.ProducerId, body.Number, Encoding.UTF8.GetString(body.Payload));
    }

    public string Token()
    {
        Assert.Equal(DecodeStatus.Ok, AuthBody.TryDecode(Body, out AuthBody body));
        return Encoding.UTF8.GetString(body.Token);
    }
}
