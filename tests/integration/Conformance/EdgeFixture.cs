using System.Net;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Conformance;

/// <summary>One running relay for all the tests of a class.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    private TestRelay? _relay;

    /// <summary>Where the first edge listens.</summary>
    public IPEndPoint Endpoint => _relay!.A;

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _relay?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A session of its own.</summary>
    internal Task<WireClient> SignInAsync(Capabilities capabilities = Capabilities.Ephemeral) =>
        WireClient.SignInAsync(Endpoint, "user:alice", capabilities);
}
