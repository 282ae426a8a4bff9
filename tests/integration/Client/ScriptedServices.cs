using System.Text;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

/// <summary>What a scripted edge reads and sends about services.</summary>
internal static class ScriptedServices
{
    public static ScriptedWelcome Welcome { get; } = new() { Capabilities = Capabilities.Ephemeral | Capabilities.Rooms | Capabilities.Services };

    /// <summary>Of a COMMAND.</summary>
    public static (string Room, string Service, string Verb, ulong ProducerId, ulong Number) Command(this ScriptedFrame frame)
    {
        Assert.Equal(DecodeStatus.Ok, CommandBody.TryDecode(frame.Body, out CommandBody body));
        return (Text(body.Channel), Text(body.Service), Text(body.Verb), body.ProducerId, body.Number);
    }

    /// <summary>Of a RETURN.</summary>
    public static (ulong Ticket, ReturnStatus Status, string Text) Return(this ScriptedFrame frame)
    {
        Assert.Equal(DecodeStatus.Ok, ReturnBody.TryDecode(frame.Body, out ReturnBody body));
        return (body.Ticket, body.Status, Text(body.Text));
    }

    /// <summary>Answers a COMMAND, or a line that is one.</summary>
    public static Task ResultAsync(this ScriptedSession session, ulong number, uint correlation, string text)
    {
        var body = new ResultBody { Number = number, Service = "shop"u8, Verb = "order"u8, Text = Encoding.UTF8.GetBytes(text) };
        byte[] bytes = new byte[body.EncodedBytesMax];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Result, bytes[..bodyBytes], correlation: correlation);
    }

    public static Task RegisteredAsync(this ScriptedSession session, ScriptedFrame register)
    {
        var body = new RegisteredBody { Name = "shop"u8, Instances = 1 };
        byte[] bytes = new byte[body.EncodedBytesMax];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Registered, bytes[..bodyBytes], correlation: register.Header.Correlation);
    }

    public static Task CallAsync(this ScriptedSession session, ulong ticket, string key, byte attempt = 1)
    {
        var body = new CallBody
        {
            Ticket = ticket, Verb = "order"u8, Subject = "dfjwput3jdmr64jych5tb52l4y"u8, Key = Encoding.UTF8.GetBytes(key), DeadlineMilliseconds = 60_000, Attempt = attempt,
        };
        byte[] bytes = new byte[body.EncodedBytesMax];
        Assert.True(body.TryEncode(bytes, out int bodyBytes));
        return session.SendAsync(FrameType.Call, bytes[..bodyBytes]);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
