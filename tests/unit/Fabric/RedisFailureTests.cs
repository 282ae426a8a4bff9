using System.Net.Sockets;
using System.Security.Authentication;
using RelayServer.Fabric;
using StackExchange.Redis;

namespace RelayServer.UnitTests.Fabric;

/// <summary>What operators are told of a Redis that fails.</summary>
public sealed class RedisFailureTests
{
    private const string Diagnostics =
        "UnableToConnect on 127.0.0.1:6379/Interactive, origin: ResetNonConnected, input-buffer: 0, outstanding: 0, last-read: 5s ago, "
        + "unanswered-write: 15963s ago, keep-alive: 5s, pending: 0, state: Connecting, last-heartbeat: never, last-mbeat: -1s ago, global: 0s ago";

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    [InlineData(SocketError.HostNotFound, "no such host")]
    [InlineData(SocketError.TimedOut, "no answer")]
    [InlineData(SocketError.NetworkUnreachable, "no route to it")]
    [InlineData(SocketError.ConnectionReset, "connection closed")]
    public void Describe_SocketBelowTheLibrary_IsNamed(SocketError error, string expected) =>
        Assert.Equal(expected, Describe(ConnectionFailureType.UnableToConnect, new AggregateException(new SocketException((int)error))));

    [Theory]
    [InlineData(ConnectionFailureType.UnableToConnect, "no connection")]
    [InlineData(ConnectionFailureType.SocketClosed, "connection closed")]
    [InlineData(ConnectionFailureType.AuthenticationFailure, "wrong or missing user or password")]
    [InlineData(ConnectionFailureType.Loading, "it is still loading its data")]
    public void Describe_OnlyTheLibrary_ItsKindInPlainWords(ConnectionFailureType type, string expected)
    {
        Assert.Equal(expected, Describe(type, null));
        Assert.Equal(expected, RedisFailure.Describe(type, null));
    }

    [Fact]
    public void Describe_Timeout_SaysHowLong() => Assert.Equal("no answer within 250 ms", Describe(new TimeoutException(Diagnostics)));

    [Theory]
    [InlineData("NOAUTH Authentication required.")]
    [InlineData("WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("ERR invalid password")]
    public void Describe_ServerRefusesThePassword_SaysSo(string answer) =>
        Assert.Equal("wrong or missing user or password", Describe(ConnectionFailureType.InternalFailure, new InvalidOperationException(answer)));

    [Fact]
    public void Describe_Certificate_SaysTlsAndWhy() => Assert.Equal(
        "TLS failure: The remote certificate is invalid", Describe(ConnectionFailureType.AuthenticationFailure, new AuthenticationException("The remote certificate is invalid.")));

    [Theory]
    [InlineData("It broke. Details: origin: X", "It broke")]
    [InlineData("It broke, last-read: 5s ago", "It broke")]
    [InlineData("It broke", "It broke")]
    public void Describe_Unknown_FirstClause(string message, string expected) => Assert.Equal(expected, Describe(new InvalidOperationException(message)));

    private static string Describe(Exception exception) => RedisFailure.Describe(exception, 250);

    // The library's exceptions cannot be made outside of it; what they carry can.
    private static string Describe(ConnectionFailureType type, Exception? cause) =>
        RedisFailure.Describe(type, new InvalidOperationException(Diagnostics, cause));
}
