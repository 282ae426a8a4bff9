using RelayServer.Identity;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Identity;

public sealed class PairwiseSubjectTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    // Written down: were it to change, every service would take all its users for new ones.
    [Fact]
    public void Of_KnownInput_IsWhatItEverWas() => Assert.Equal("p-6088ab66baa429ae99b9e65c021d0cab1b91d9fb", PairwiseSubject.Of(Key, "news", "alice"));

    [Fact]
    public void Of_OtherServiceUserOrKey_IsAnotherUserId()
    {
        byte[] other = [.. Key.Reverse()];
        string[] all =
        [
            PairwiseSubject.Of(Key, "news", "alice"), PairwiseSubject.Of(Key, "art", "alice"), PairwiseSubject.Of(Key, "news", "bob"),
            PairwiseSubject.Of(other, "news", "alice"), PairwiseSubject.Of(Key, "new", "salice"),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, subject => Assert.Null(UserId.FindProblem(subject)));
    }

    [Theory]
    [InlineData(31, "news")]
    [InlineData(32, "News")]
    [InlineData(32, "")]
    public void Of_KeyOrServiceThatCannotBe_IsRefused(int keyBytes, string service) =>
        Assert.Throws<ArgumentException>(() => PairwiseSubject.Of(new byte[keyBytes], service, "alice"));
}
