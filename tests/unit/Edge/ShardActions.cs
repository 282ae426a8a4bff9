using RelayServer.Edge.Fanout;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>Runs what a test does on a shard's own thread, and hands its failure back.</summary>
internal static class ShardActions
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>At the end of a round, when what the round wrote is out; held up like every mark.</summary>
    public static Task AtRoundEndAsync(this FanoutShard shard, Action action) => RunAsync(shard, ShardItemKind.Mark, null, action);

    /// <summary>In its turn, whatever waits.</summary>
    public static Task InTurnAsync(this FanoutShard shard, Action action) =>
        RunAsync(shard, ShardItemKind.Sent, SharedFrame.Create(FrameType.Ping, FrameFlags.None, 0, default), action);

    private static async Task RunAsync(FanoutShard shard, ShardItemKind kind, SharedFrame? frame, Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shard.Post(new ShardItem
        {
            Kind = kind,
            Frame = frame,
            Callback = () =>
            {
                try
                {
                    action();
                    done.SetResult();
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    done.SetException(exception);
                }
            },
        });
        await done.Task.WaitAsync(Patience);
    }
}
