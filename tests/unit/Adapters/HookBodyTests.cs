using System.Text;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Hooks;

namespace RelayServer.UnitTests.Adapters;

public sealed class HookBodyTests
{
    [Fact]
    public void Parse_WholeBody_HasEverything()
    {
        ItemDraft body = Parse("""{"id":"1","title":"A","text":"B","link":"https://example.org/","image":null,"subjects":["x","Y"],"more":[1]}""");

        Assert.Equal(("1", "A", "B", "https://example.org/", string.Empty), (body.Id, body.Title, body.Text, body.Link, body.Image));
        Assert.Equal(["x", "Y"], body.Subjects);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "object")]
    [InlineData("{}", "id is missing")]
    [InlineData("{\"id\":1,\"title\":\"A\"}", "id must be text")]
    [InlineData("{\"id\":\"\",\"title\":\"A\"}", "id is empty")]
    [InlineData("{\"id\":\"1\",\"id\":\"2\",\"title\":\"A\"}", "not JSON")]
    [InlineData("{\"id\":\"1\",\"title\":\" \"}", "title is empty")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"subjects\":\"x\"}", "subjects must be a list")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"subjects\":[1]}", "subjects must be a list")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"text\":{\"a\":{\"b\":{\"c\":{\"d\":1}}}}}", "not JSON")]
    [InlineData("{\"id\":\"1\",\"title\":\"\\ud800\"}", "title must be text")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"subjects\":[\"\\ud800\"]}", "subjects must be a list")]
    [InlineData("{\"id\":\"1\",\"title\":\"A\",\"\\ud800\":1}", "not JSON")]
    public void Parse_WhatCannotBeTaken_SaysWhy(string json, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Parse(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_IdOrSubjectsAboveTheirBounds_AreRefused()
    {
        string longId = new('x', ItemDraft.IdCharactersMax + 1);
        string many = string.Join(',', Enumerable.Repeat("\"s\"", 17));

        Assert.Throws<FormatException>(() => Parse($$"""{"id":"{{longId}}","title":"A"}"""));
        Assert.Throws<FormatException>(() => Parse($$"""{"id":"1","title":"A","subjects":[{{many}}]}"""));
    }

    private static ItemDraft Parse(string json) => HookBody.Parse(Encoding.UTF8.GetBytes(json));
}
