using RelayServer.Master.Services;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Services;

/// <summary>How many commands are under way: of a user, and of a service.</summary>
public sealed class CommandLimitTests : IDisposable
{
    private readonly ServiceBench _bench = new();

    [Fact]
    public void Command_TooManyOfOneUser_AreRefusedAndOthersAreNot()
    {
        for (ulong number = 1; number <= CommandDesk.CallsPerUserMax + 1; number++)
        {
            Give("latest", [], number: number);
        }

        Assert.Equal(ErrorCode.Overloaded, _bench.Outcome().Code);
        Give("latest", [], user: "bob");
        _bench.Call();
    }

    [Fact]
    public void Command_TooManyOfOneService_AreRefusedAndThoseOfOthersAreNot()
    {
        // Nobody is asked: all wait for an instance.
        _bench.Services.Register("shop", Bodies.News("shop"), session: 60);
        _bench.Services.Register("news", [], session: 50);
        _bench.Settle();
        for (int given = 0; given < ServiceDesk.CallsMax;)
        {
            string user = $"user-{given}";
            _bench.Users.Batch(() =>
            {
                for (ulong number = 1; number <= CommandDesk.CallsPerUserMax && given < ServiceDesk.CallsMax; number++, given++)
                {
                    _bench.Users.Command(Bodies.Command("news", "latest", [], number: number), user);
                }
            });
        }

        _bench.Settle();
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Outcomes));
        Assert.Equal(ServiceDesk.CallsMax, _bench.Bench.Core.CommandCount);
        _bench.Told.Clear();
        Give("latest", []);
        Assert.Equal(ErrorCode.Overloaded, _bench.Outcome().Code);
        Give("latest", [], service: "shop");
        _bench.Call();
    }

    public void Dispose() => _bench.Dispose();

    private void Give(string verb, string[] arguments, ulong number = 1, string user = "alice", string service = "news")
    {
        _bench.Users.Command(Bodies.Command(service, verb, arguments, number: number), user);
        _bench.Settle();
    }
}
