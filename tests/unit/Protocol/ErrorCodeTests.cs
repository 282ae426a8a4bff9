using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The thousands of a code say what to do.</summary>
public sealed class ErrorCodeTests
{
    [Theory]
    [InlineData(0, ErrorFamily.None)]
    [InlineData(999, ErrorFamily.None)]
    [InlineData(1000, ErrorFamily.Retry)]
    [InlineData(1999, ErrorFamily.Retry)]
    [InlineData(2000, ErrorFamily.SignInAgain)]
    [InlineData(2999, ErrorFamily.SignInAgain)]
    [InlineData(3000, ErrorFamily.Final)]
    [InlineData(3999, ErrorFamily.Final)]
    [InlineData(4000, ErrorFamily.Final)]
    [InlineData(ushort.MaxValue, ErrorFamily.Final)]
    [Trait("Must", "R-ERROR-1")]
    public void Family_OfAnyNumber_IsItsThousandsAndUnknownIsFinal(int code, ErrorFamily family) =>
        Assert.Equal(family, ((ErrorCode)code).Family());

    [Fact]
    public void Family_OfEveryCode_IsKnown() =>
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.Equal((int)code / 1000, (int)code.Family()));

    [Fact]
    public void Values_OfAllCodes_AreUnique() =>
        Assert.Equal(Enum.GetNames<ErrorCode>().Length, Enum.GetValues<ErrorCode>().Distinct().Count());
}
