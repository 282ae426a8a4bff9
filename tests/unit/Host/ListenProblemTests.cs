using System.Net;
using System.Net.Sockets;
using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>Why a listener could not start, with words that can be typed as they stand.</summary>
public sealed class ListenProblemTests
{
    [Theory]
    [InlineData("--http", "choose another port with --http 127.0.0.1:7591")]
    [InlineData(null, "choose another port with --set Adapters:HooksListen=127.0.0.1:7591")]
    public void Describe_PortTaken_SaysWhatToType(string? option, string expected)
    {
        var taken = new IOException("taken", new SocketException((int)SocketError.AddressAlreadyInUse));
        StartException problem = ListenProblem.Describe(new IPEndPoint(IPAddress.Loopback, 7491), "Adapters:HooksListen", option, taken);
        Assert.EndsWith(expected, problem.Message, StringComparison.Ordinal);
    }
}
