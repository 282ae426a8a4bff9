using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>Puts a notice where a message was that has been deleted since.</summary>
internal static class Deletions
{
    /// <summary>The body without what was deleted; null when nothing in it was, as almost always.</summary>
    public static byte[]? Rewrite(EdgeRoom room, ReadOnlySpan<byte> encoded)
    {
        if (room.State is not { HasDeleted: true } state
            || DeliverBody.TryDecode(encoded, out DeliverBody body) != DecodeStatus.Ok
            || !HasDeleted(state, body))
        {
            return null;
        }

        // Every message becomes shorter or stays as it is.
        using var messages = new PooledBuffer();
        foreach (DeliverMessage message in body)
        {
            DeliverMessage kept = message;
            if (IsDeleted(state, message))
            {
                kept.Kind = MessageKind.Deleted;
                kept.Payload = default;
            }

            kept.TryEncode(messages.Reserve(DeliverMessage.OverheadBytesMax + kept.From.Length + kept.Payload.Length), out int bytes);
            messages.Advance(bytes);
        }

        body.EncodedMessages = messages.WrittenSpan;
        var rewritten = new byte[DeliverBody.OverheadBytesMax + body.Channel.Length + messages.WrittenBytes];
        body.TryEncode(rewritten, out int writtenBytes);
        return rewritten[..writtenBytes];
    }

    private static bool HasDeleted(RoomState state, in DeliverBody body)
    {
        foreach (DeliverMessage message in body)
        {
            if (IsDeleted(state, message))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDeleted(RoomState state, in DeliverMessage message) =>
        message.Kind is MessageKind.Text or MessageKind.Data && state.IsDeleted(message.From, message.ProducerId, message.Number);
}
