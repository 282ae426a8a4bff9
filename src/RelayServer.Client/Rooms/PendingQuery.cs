namespace RelayServer.Client;

/// <summary>A question that waits for its answer; sent again by every connection until it has one.</summary>
internal sealed class PendingQuery(uint correlation, byte[] body, bool needsServices = false)
{
    public uint Correlation { get; } = correlation;

    public byte[] Body { get; } = body;

    /// <summary>It is about services; else about rooms alone.</summary>
    public bool NeedsServices { get; } = needsServices;

    /// <summary>Completes with the body of the ANSWER, or with the refusal.</summary>
    public TaskCompletionSource<byte[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
