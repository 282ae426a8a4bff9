using RelayServer.Accounts.Phones;

namespace RelayServer.UnitTests.Accounts;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+82 10-1234-5678", "+821012345678")]
    [InlineData("  0049 (151) 1234.5678", "+4915112345678")]
    [InlineData("+1/202/555/0100", "+12025550100")]
    [InlineData("+82 (0)10-1234-5678", "+821012345678")]
    [InlineData("0044 ( 0 ) 20 7946 0958", "+442079460958")]
    [InlineData("+12345678", "+12345678")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void TryNormalize_NumberWithCountryCode_BecomesOneForm(string text, string expected)
    {
        Assert.True(PhoneNumber.TryNormalize(text, out string number));
        Assert.Equal(expected, number);
        Assert.True(PhoneNumber.TryNormalize(number, out string again));
        Assert.Equal(number, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("00")]
    [InlineData("010 1234 5678")]
    [InlineData("+0212345678")]
    [InlineData("+1234567")]
    [InlineData("+1234567890123456")]
    [InlineData("++821012345678")]
    [InlineData("(0)821012345678")]
    [InlineData("+82 (0)10 (0)1234 5678")]
    [InlineData("+(0)8210 1234 5678")]
    [InlineData("+82 10 1234 5678 ext 9")]
    [InlineData("+８２１０１２３４５６７８")]
    [InlineData("+82                                10")]
    public void TryNormalize_AnythingElse_IsRefused(string text) => Assert.False(PhoneNumber.TryNormalize(text, out _));

    [Fact]
    public void Mask_Number_ShowsItsEndsOnly() => Assert.Equal("+82********78", PhoneNumber.Mask("+821012345678"));
}
