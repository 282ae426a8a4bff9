using RelayServer.Protocol;

namespace RelayServer.UnitTests.Services;

/// <summary>Who asks for a topic or subject that is not there is told of some that are: of no more than an answer holds.</summary>
public sealed class NamedTopicTests : IDisposable
{
    private readonly ServiceBench _bench = new(hasNews: false);

    [Fact]
    public void Subscribe_WhatIsNotThere_NamesThreeThatAre()
    {
        byte[][] topics = [.. Enumerable.Range(1, 4).Select(number => Bodies.Topic($"t{number}", isOpen: false, "a", "b", "c", "d"))];
        _bench.Services.Register("news", Bodies.Definition("news", "News", "", [], topics, []));
        _bench.Settle();

        Assert.Equal((ErrorCode.NotFound, "there is no topic news.none; news has news.t1, news.t2, news.t3 and more"), Give(1, "none"));
        Assert.Equal((ErrorCode.NotFound, "topic news.t1 has no subject none; it has a, b, c and more"), Give(2, "t1", "none"));
    }

    public void Dispose() => _bench.Dispose();

    private (ErrorCode, string) Give(ulong number, params string[] words)
    {
        _bench.Users.Command(Bodies.Command("news", "subscribe", words, "inbox:alice", number: number), "alice");
        _bench.Settle();
        return _bench.Outcome();
    }
}
