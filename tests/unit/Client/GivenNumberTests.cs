using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Client;

/// <summary>Publishes under numbers that the caller chose: the same number is the same message, also when it is published again.</summary>
public sealed class GivenNumberTests
{
    private const string Target = "topic:shop.offers";

    private static readonly PublishLimits Limits = new(8, 4000, 8000);

    [Fact]
    public void Publish_WithANumber_HasIt()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);

        _ = Update(ledger, 77);
        _ = Update(ledger, 5);

        Assert.Equal([77UL, 5UL], SentNumbers.Of(ledger));
    }

    [Fact]
    public void Publish_NumberUnderWay_IsRefused()
    {
        PublishLedger ledger = Open();
        _ = Update(ledger, 77);

        Assert.Throws<InvalidOperationException>(() => { _ = Update(ledger, 77); });

        ledger.Connected(Limits);
        Assert.Equal([77UL], SentNumbers.Of(ledger));
    }

    [Fact]
    public async Task Publish_NumberThatWasGivenUp_IsSentAgain()
    {
        PublishLedger ledger = Open();
        ledger.Connected(Limits);
        using var giveUp = new CancellationTokenSource();
        Task<Position> first = Update(ledger, 77, giveUp.Token);
        Assert.Equal([77UL], SentNumbers.Of(ledger));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Task<Position> second = Update(ledger, 77);

        Assert.Equal([77UL], SentNumbers.Of(ledger));
        Assert.True(ledger.Refuse(77, ErrorCode.NotFound, "there is no such topic", TimeSpan.Zero));
        Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<RelayException>(() => second)).Code);
    }

    [Fact]
    public void TakeNumber_OfAProducerThatWasThereBefore_IsAboveThoseOfBefore()
    {
        ulong before = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;

        Assert.True(Open(producerId: 7).TakeNumber() > before);
        Assert.Equal(1UL, Open().TakeNumber());
        Assert.Equal(7UL, Open(producerId: 7).ProducerId);
    }

    [Fact]
    public async Task Connected_WithoutServices_FailsUpdatesAlone()
    {
        PublishLedger ledger = Open();
        Task<Position> update = Update(ledger, 77);

        ledger.Connected(Limits with { HasServices = false });

        Assert.Equal(ErrorCode.UnsupportedVersion, (await Assert.ThrowsAsync<RelayException>(() => update)).Code);
        Assert.Empty(SentNumbers.Of(ledger));
    }

    private static PublishLedger Open(ulong? producerId = null) => new(
        new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint("127.0.0.1", 1)],
            TokenProvider = _ => ValueTask.FromResult("token"),
            ProducerId = producerId,
        },
        new WakeSignal());

    private static Task<Position> Update(PublishLedger ledger, ulong number, CancellationToken cancellationToken = default) => ledger.Publish(
        new PublishRequest(Target, null, new byte[] { 1 }, MessageKind.Update, FrameFlags.AckWanted) { Number = number }, cancellationToken).AsTask();
}
