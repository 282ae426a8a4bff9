namespace RelayServer.Protocol;

/// <summary>Bytes of bodies, for where they are kept.</summary>
public static class EncodedBodyExtensions
{
    /// <summary>Its bytes, in an array of their number.</summary>
    public static byte[] ToBytes<T>(this T body)
        where T : struct, IEncodedBody, allows ref struct
    {
        byte[] room = new byte[body.EncodedBytesMax];
        body.TryEncode(room, out int bytes);
        return room[..bytes];
    }
}
