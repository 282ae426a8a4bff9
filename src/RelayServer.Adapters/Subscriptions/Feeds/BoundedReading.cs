namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Reads a stream to its end, or not at all.</summary>
internal static class BoundedReading
{
    private const int FirstBytes = 16 * 1024;

    /// <summary>All bytes of a stream.</summary>
    /// <exception cref="FeedException">There are more than <paramref name="bytesMax"/>.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, int bytesMax, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(FirstBytes, bytesMax + 1)];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            length += read;
            if (length > bytesMax)
            {
                throw new FeedException($"it is larger than {bytesMax} bytes");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, bytesMax + 1));
            }
        }
    }
}
