using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Cli;

public sealed class ConnectionAdviceTests
{
    [Theory]
    [InlineData(ErrorCode.TokenExpired, "the text; 'relay login' signs in, and on the relay's machine 'relay token --user ID' makes one")]
    [InlineData(ErrorCode.TokenInvalid, "the text; a relay that was set up anew has a new key and needs a new token")]
    [InlineData(ErrorCode.Forbidden, "the text")]
    public void For_WhatEndedTheCommand_SaysWhatToDo(ErrorCode code, string expected)
    {
        var error = new RelayException(code, "the text");
        Assert.Equal(expected, ConnectionAdvice.For(error));
        Assert.Equal(expected, ConnectionAdvice.For(new RelayException(code, error.Message, error)));
    }
}
