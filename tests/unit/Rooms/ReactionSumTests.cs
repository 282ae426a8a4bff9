using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

public sealed class ReactionSumTests
{
    [Fact]
    public void Take_WhatWasAdded_IsSummedAndGone()
    {
        var sum = new ReactionSum();
        Assert.True(sum.IsEmpty);
        Assert.True(sum.Add(31, 5));
        Assert.True(sum.Add(0, 1));
        Assert.True(sum.Add(0, 100));

        Assert.False(sum.IsEmpty);
        Assert.Equal([((byte)0, 101u), ((byte)31, 5u)], sum.Take());
        Assert.True(sum.IsEmpty);
        Assert.Empty(sum.Take());
    }

    [Fact]
    public void Add_KindThatThereIsNot_IsNotTaken()
    {
        var sum = new ReactionSum();

        Assert.False(sum.Add(32, 1));
        Assert.False(sum.Add(uint.MaxValue, 1));
        Assert.True(sum.IsEmpty);
    }

    [Fact]
    public void Add_BeyondTheRange_StaysAtItsEnd()
    {
        var sum = new ReactionSum();
        sum.Add(0, uint.MaxValue - 1);
        sum.Add(0, 5);

        Assert.Equal([((byte)0, uint.MaxValue)], sum.Take());
    }
}
