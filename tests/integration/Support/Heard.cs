using RelayServer.Client;

namespace RelayServer.IntegrationTests.Support;

/// <summary>What a member of a room hears.</summary>
internal static class Heard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The next event of a kind; the ones before it are passed over.</summary>
    public static async Task<T> NextAsync<T>(this RelaySubscription subscription)
        where T : RelayEvent
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await foreach (RelayEvent next in subscription.WithCancellation(patience.Token))
        {
            if (next is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException("the subscription has ended");
    }
}
