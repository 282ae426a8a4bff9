namespace RelayServer.Client;

/// <summary>A question that waits for its answer; sent again by every connection until it has one.</summary>
internal sealed class PendingQuery(uint correlation, byte[] body)
{
    public uint Correlation { get; } = correlation;

    public byte[] Body { get; } = body;

    /// <summary>Completes with the body of the ANSWER, or with the refusal.</summary>
    public TaskCompletionSource<byte[]> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
