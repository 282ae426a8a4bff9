using RelayServer.Master.Services;

namespace RelayServer.UnitTests.Services;

/// <summary>Answers are kept for a while, and no more of them than there is room for: a share for each user, and all together.</summary>
public sealed class OutcomeMemoryTests
{
    private const int AnswerBytes = 16 * 1024;
    private const int PerUser = OutcomeMemory.BytesPerUserMax / AnswerBytes;

    private readonly OutcomeMemory _memory = new();

    [Fact]
    public void Add_MoreThanAUsersShare_TakesThePlaceOfHisOldestAndOfNobodyElses()
    {
        Add("bob", 1);
        for (ulong number = 1; number <= 10 * PerUser; number++)
        {
            Add("alice", number);
        }

        Assert.Equal(1 + PerUser, _memory.Count);
        Assert.True(IsKept("bob", 1));
        Assert.Equal((false, true), (IsKept("alice", 9 * PerUser), IsKept("alice", (9 * PerUser) + 1)));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomForOfAllUsers_TakesThePlaceOfTheOldest()
    {
        const int All = OutcomeMemory.BytesMax / AnswerBytes;
        for (int user = 0; user <= All; user++)
        {
            Add($"user-{user}", 1);
        }

        Assert.Equal(All, _memory.Count);
        Assert.Equal((false, true), (IsKept("user-0", 1), IsKept("user-1", 1)));
    }

    [Fact]
    public void Forget_AfterTheTime_LeavesThoseThatAreYounger()
    {
        Add("alice", 1, 1000);
        Add("alice", 2, 2000);
        _memory.Forget(1000 + OutcomeMemory.KeptMilliseconds);
        Assert.Equal(2, _memory.Count);
        _memory.Forget(1001 + OutcomeMemory.KeptMilliseconds);
        Assert.Equal((false, true), (IsKept("alice", 1), IsKept("alice", 2)));
        _memory.Forget(2001 + OutcomeMemory.KeptMilliseconds);
        Assert.Equal(0, _memory.Count);
    }

    private void Add(string user, ulong number, ulong nowMilliseconds = 1000) =>
        _memory.Add(new CommandName(user, 5, number), new CommandOutcome(new byte[AnswerBytes - OutcomeMemory.EntryBytes], false, true), nowMilliseconds);

    private bool IsKept(string user, ulong number) => _memory.Find(new CommandName(user, 5, number)) is not null;
}
