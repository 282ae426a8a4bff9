using RelayServer.Master.Sequencing;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Services;

/// <summary>What is answered at once takes a part of a flush: the rest of it is for what is said in rooms.</summary>
public sealed class AnswerLimitTests : IDisposable
{
    private const int Many = 100;

    private readonly ServiceBench _bench = new(hasNews: false);

    [Fact]
    public void Help_AskedByManyAtOnce_LeavesRoomForChatAndRefusesTheRestForNow()
    {
        Register(50);
        _bench.Users.Batch(() =>
        {
            for (ulong number = 1; number <= Many; number++)
            {
                _bench.Users.Command(Bodies.Command("", "", [], number: number));
            }
        });
        AssertSomeAreRefused();
    }

    [Fact]
    public void Command_RepeatedByManyAtOnce_LeavesRoomForChatAndRefusesTheRestForNow()
    {
        Register(1);
        for (ulong number = 1; number <= Many; number++)
        {
            _bench.Told.Clear();
            _bench.Users.Command(Bodies.Command("s0", "latest", [], number: number), user: $"user-{number}");
            _bench.Settle();
            _bench.Services.Return("s0", Bodies.Return(_bench.Call().Ticket, new string('a', 2000)), session: 100);
            _bench.Settle();
        }

        _bench.Users.Batch(() =>
        {
            for (ulong number = 1; number <= Many; number++)
            {
                _bench.Users.Command(Bodies.Command("s0", "latest", [], number: number), user: $"user-{number}");
            }
        });
        AssertSomeAreRefused();
    }

    public void Dispose() => _bench.Dispose();

    private void AssertSomeAreRefused()
    {
        Assert.False(_bench.Bench.Core.IsFull, "nothing can be said in rooms");
        List<(ulong Session, uint Id, FrameType Type, byte[] Body)> outcomes = [.. _bench.Bench.Flush().SelectMany(relay => relay.Outcomes)];
        Assert.Equal(Many, outcomes.Count);
        Assert.InRange(outcomes.Where(outcome => outcome.Type == FrameType.Result).Sum(outcome => outcome.Body.Length), AnswerBudget.BytesMax / 2, AnswerBudget.BytesMax);
        Assert.All(outcomes.Where(outcome => outcome.Type == FrameType.Error), outcome =>
        {
            Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(outcome.Body, out ErrorBody error));
            Assert.Equal(ErrorCode.Overloaded, error.Code);
            Assert.True(error.RetryAfterMilliseconds > 0);
        });
    }

    private void Register(int services)
    {
        for (int i = 0; i < services; i++)
        {
            _bench.Services.Register($"s{i}", Bodies.News($"s{i}", title: new string('s', 100)), session: 100 + (ulong)i);
            _bench.Settle();
        }

        _bench.Told.Clear();
    }
}
