using RelayServer.Accounts.Secrets;

namespace RelayServer.UnitTests.Accounts;

/// <summary>Ids, which people copy into commands.</summary>
public sealed class RandomIdTests
{
    [Fact]
    public void Next_Many_AreLettersAndDigitsSoThatNoCommandTakesOneForAnOption()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => RandomId.Next())];
        Assert.All(ids, id => Assert.Matches("^[a-z2-9]{26}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
