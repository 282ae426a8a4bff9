using RelayServer.Adapters.Subscriptions;
using RelayServer.Client.Services;

namespace RelayServer.UnitTests.Adapters;

public sealed class SubjectNamesTests
{
    [Fact]
    public void Of_OpenTopic_TakesEveryCategoryInLowerCaseAndOneForm()
    {
        var names = new SubjectNames(new TopicOptions { IsOpen = true });

        Assert.Equal(["sport", "caf\u00e9", "ümlaut"], names.Of(["Sport"], ["Cafe\u0301", "  ÜMLAUT ", "SPORT"]));
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("a\u0323\u0302", "\u1EAD")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\u304B\u3099", "\u304C")]
    [InlineData("\u0438\u0306", "\u0439")]
    [InlineData("q\u0301", "q\u0301")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]
    public void Of_LetterAndMark_AreOneCharacterWhereThereIsOne(string apart, string together)
    {
        Assert.Equal(together, ComposedForm.Of(apart));
    }

    [Fact]
    public void Of_ClosedTopic_TakesOwnAndListedOnes()
    {
        var names = new SubjectNames(new TopicOptions { IsOpen = false, Subjects = ["Jazz", "Rock"] });

        Assert.Equal(["charts", "jazz"], names.Of(["charts"], ["JAZZ", "Pop"]));
    }

    [Fact]
    public void Of_TooManyOrTooLong_AreLeftOut()
    {
        var names = new SubjectNames(new TopicOptions());

        Assert.Equal(SubjectNames.CountMax, names.Of([], Enumerable.Range(0, 40).Select(number => $"s{number}")).Count);
        Assert.Empty(names.Of([], [new string('x', SubjectNames.BytesMax + 1), new string('ü', 33), " "]));
    }
}
