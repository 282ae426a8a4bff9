using RelayServer.Client.Services;

namespace RelayServer.UnitTests.Client;

/// <summary>What the client says about definitions and cards that the relay would refuse.</summary>
public sealed class ServiceLimitsTests
{
    [Fact]
    public void Card_AtEveryLimit_IsTaken()
    {
        var card = new ServiceCard
        {
            Item = new string('i', 128),
            Title = new string('t', 200),
            Text = new string('x', 4000),
            Link = "https://example.org/" + new string('l', 480),
            Fields = [.. Enumerable.Range(0, 16).Select(_ => new CardField(new string('n', 64), new string('v', 500)))],
            Actions = [.. Enumerable.Range(0, 8).Select(_ => new CardAction { Label = new string('l', 64), Verb = "order" })],
        };

        ServiceCard read = CardEncoding.Read(new CardEncoding(card).Body);

        Assert.Equal((card.Item, card.Title, card.Text, card.Link), (read.Item, read.Title, read.Text, read.Link));
        Assert.Equal(card.Fields, read.Fields);
        Assert.Equal(card.Actions.Select(action => action.Label), read.Actions.Select(action => action.Label));
    }

    [Theory]
    [InlineData("card.Item", 129, 1, 1, 1, 1)]
    [InlineData("card.Title", 1, 201, 1, 1, 1)]
    [InlineData("card.Text", 1, 1, 4001, 1, 1)]
    [InlineData("card.Fields[0].Value", 1, 1, 1, 501, 1)]
    [InlineData("card.Actions[0].Label", 1, 1, 1, 1, 65)]
    public void Card_AboveALimit_SaysWhichAndHowMuch(string part, int item, int title, int text, int value, int label)
    {
        var card = new ServiceCard
        {
            Item = new string('i', item),
            Title = new string('t', title),
            Text = new string('x', text),
            Fields = [new CardField("n", new string('v', value))],
            Actions = [new CardAction { Label = new string('l', label), Verb = "order" }],
        };

        string message = Assert.Throws<ArgumentException>(() => new CardEncoding(card)).Message;

        Assert.StartsWith(part + " has ", message, StringComparison.Ordinal);
        Assert.Contains("must have", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_WithEverythingLarge_IsTooLargeInAll()
    {
        ServiceCard card = new()
        {
            Item = "i",
            Title = "t",
            Actions = [.. Enumerable.Range(0, 8).Select(_ => new CardAction { Label = "l", Verb = "v", Arguments = [new string('a', 2000), new string('a', 2000)] })],
        };

        Assert.Contains("in all", Assert.Throws<ArgumentException>(() => new CardEncoding(card)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shop", "Shop", "order", 0U)]
    [InlineData("shop", "", "order", 0U)]
    [InlineData("shop", "Shop", "help", 0U)]
    [InlineData("shop", "Shop", "order", 60_001U)]
    public void Definition_ThatTheRelayWouldRefuse_IsAnArgumentException(string name, string title, string verb, uint deadlineMilliseconds)
    {
        var definition = new ServiceDefinition
        {
            Name = name,
            Title = title,
            Verbs = [new ServiceVerb { Name = verb, Summary = "", DeadlineMilliseconds = deadlineMilliseconds }],
        };

        Assert.Throws<ArgumentException>(() => DefinitionEncoding.Encode(definition));
    }

    [Fact]
    public void Update_ForATopicOfAnother_IsAnArgumentException() =>
        Assert.Throws<ArgumentException>(() => UpdateEncoding.Encode("shop", "topic:news.all", new ServiceCard { Item = "i", Title = "t" }, []));

    [Fact]
    public void CallMemory_MoreThanItKeeps_ForgetsTheOldest()
    {
        var memory = new CallMemory(TimeProvider.System);
        for (int i = 0; i <= CallMemory.CallsMax; i++)
        {
            memory.Add($"key-{i}", CallOutcome.Failed);
        }

        Assert.Equal(CallMemory.CallsMax, memory.Count);
        Assert.Null(memory.Find("key-0"));
        Assert.NotNull(memory.Find("key-1"));
    }
}
