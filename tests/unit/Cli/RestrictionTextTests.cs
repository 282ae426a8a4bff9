using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Cli;

public sealed class RestrictionTextTests
{
    [Theory]
    [InlineData(ErrorCode.Muted, 56.2, "spam", "; you may speak again in 57 s; the reason given: spam")]
    [InlineData(ErrorCode.Muted, 0, "spam", "; the reason given: spam")]
    [InlineData(ErrorCode.Muted, 121, "", "; you may speak again in 3 minutes")]
    [InlineData(ErrorCode.Kicked, 8.5, "", "; you may come in again in 9 s")]
    [InlineData(ErrorCode.Banned, 7201, "", "; you may come in again in 3 hours")]
    [InlineData(ErrorCode.Banned, 604_800, "why one was muted before", "; you may come in again in 7 days")]
    [InlineData(ErrorCode.Banned, 0, "", "")]
    [InlineData(ErrorCode.SlowMode, 5, "spam", "")]
    public void After_Refusal_SaysWhatIsKnown(ErrorCode code, double seconds, string reason, string expected) =>
        Assert.Equal(expected, RestrictionText.After(RelayException.Refused(code, "no", TimeSpan.FromSeconds(seconds)), reason));
}
