using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>The client library against an edge that limits publishes: everything arrives once, only later.</summary>
public sealed class PublishRateTests
{
    [Fact]
    public Task Publish_AboveTheMessagesOfASecond_NothingIsLost() =>
        PublishAsync(edge => edge.PublishesPerSecondMax = 400, messages: 1000, payloadBytes: 10);

    [Fact]
    public Task Publish_AboveTheBytesOfASecond_NothingIsLost() =>
        PublishAsync(edge => edge.PublishBytesPerSecondMax = 200_000, messages: 50, payloadBytes: 10_000);

    private static async Task PublishAsync(Action<EdgeOptions> configure, int messages, int payloadBytes)
    {
        using var gauges = new EdgeGauges("limited-edge-" + payloadBytes);
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            edge.Name = edge.Name == "edge-a" ? "limited-edge-" + payloadBytes : edge.Name;
            configure(edge);
        });
        await using RoomMember bob = await RoomMember.JoinAsync(relay.B, "bob", "lobby", 2);
        await using var alice = new RelayClient(new RelayClientOptions
        {
            Endpoints = [RelayEndpoint.Parse(relay.A.ToString())],
            TokenProvider = _ => ValueTask.FromResult("user:alice"),
        });
        await alice.ConnectAsync(TestContext.Current.CancellationToken);
        await alice.JoinAsync("lobby", cancellationToken: TestContext.Current.CancellationToken);
        string[] texts = [.. Enumerable.Range(0, messages).Select(i => $"{i} ".PadRight(payloadBytes, 'x'))];
        Task<Position>[] publishes = [.. texts.Select(text => alice.PublishAsync("lobby", text, TestContext.Current.CancellationToken).AsTask())];
        await bob.HasMessagesAsync(messages);
        Position[] positions = await Task.WhenAll(publishes);
        Assert.Equal(Enumerable.Range(1, messages).Select(seq => (ulong)seq), positions.Select(position => position.Seq).Order());
        Assert.Equal(texts.Order(), bob.Messages.Select(message => message.Text).Order());
        Assert.True(gauges.Read("relay.edge.refusals") > 0, "nothing was above the limit");
    }
}
