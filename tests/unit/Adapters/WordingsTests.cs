using System.Globalization;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Client.Services;

namespace RelayServer.UnitTests.Adapters;

public sealed class WordingsTests
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE-at", "de")]
    [InlineData("de_CH", "de")]
    [InlineData("den", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    public void Of_Locale_IsItsLanguageOrEnglish(string locale, string language)
    {
        Assert.Equal(language, Wordings.Of(locale).Locale);
    }

    [Fact]
    public void Texts_EachLanguage_TakeTheSameValues()
    {
        foreach (var property in typeof(Wording).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            string english = (string)property.GetValue(Wordings.English)!;
            string german = (string)property.GetValue(Wordings.German)!;

            Assert.Equal(Placeholders(english), Placeholders(german));
            Assert.NotEmpty(string.Format(CultureInfo.InvariantCulture, german, "a", "b"));
        }
    }

    [Fact]
    public void Verbs_EachOfThem_HaveAGermanText()
    {
        Assert.Equal(Verbs.All.Select(verb => $"verb.{verb.Name}").Order(), Verbs.German.Select(text => text.Key).Order());
        Assert.All(Verbs.German, text => Assert.Equal("de", text.Locale));
    }

    [Fact]
    public void Verbs_EachOfThem_KeepToTheBoundsOfTheClient()
    {
        Assert.All(Verbs.All, verb =>
        {
            Assert.InRange(verb.Name.Length, 1, 32);
            Assert.InRange(verb.Summary.Length, 1, 200);
            Assert.All(verb.Parameters.SkipLast(1), parameter => Assert.NotEqual(ServiceParameterKind.Rest, parameter.Kind));
        });
    }

    private static string Placeholders(string text) => string.Concat(Enumerable.Range(0, 3).Where(number => text.Contains($"{{{number}}}", StringComparison.Ordinal)));
}
