using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Claiming and reading slots.</summary>
public abstract class SlotsContract(IFabricHost host) : FabricContract(host)
{
    [Fact]
    public async Task ReadSlotsAsync_NeverClaimed_Empty() => Assert.Empty(await Fabric.ReadSlotsAsync(Cancel));

    [Fact]
    public async Task ClaimSlotsAsync_First_OwnsAllSlots()
    {
        IReadOnlyList<SlotOwner> claimed = await Fabric.ClaimSlotsAsync(Master, 0, Cancel);
        Assert.Equal(Enumerable.Range(0, Slot.Count), claimed.Select(owner => owner.Slot));
        Assert.All(claimed, owner => Assert.Equal(Master, owner.MasterId));
        Assert.All(claimed, owner => Assert.True(owner.Epoch > 0));
        Assert.Equal(claimed, await Fabric.ReadSlotsAsync(Cancel));
    }

    [Fact]
    public async Task ClaimSlotsAsync_Again_EpochsGrow()
    {
        IReadOnlyList<SlotOwner> first = await Fabric.ClaimSlotsAsync(Master, 0, Cancel);
        IReadOnlyList<SlotOwner> second = await Other.ClaimSlotsAsync(OtherMaster, 0, Cancel);
        IReadOnlyList<SlotOwner> third = await Fabric.ClaimSlotsAsync(Master, 0, Cancel);
        Assert.All(first.Zip(second), pair => Assert.True(pair.Second.Epoch > pair.First.Epoch));
        Assert.All(second.Zip(third), pair => Assert.True(pair.Second.Epoch > pair.First.Epoch));
        Assert.Equal(third, await Other.ReadSlotsAsync(Cancel));
    }

    [Fact]
    public async Task ClaimSlotsAsync_Floor_EpochsAboveIt()
    {
        Assert.True(await ClaimAsync(Fabric, Master, 1000) > 1000);
        Assert.True(await ClaimAsync(Fabric, Master, 10) > 1001);
    }

    [Fact]
    public async Task ClaimSlotsAsync_AtOnce_EveryEpochDiffers()
    {
        ulong[] epochs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ClaimAsync(i % 2 == 0 ? Fabric : Other, $"master-{i}")));
        Assert.Equal(epochs.Length, epochs.Distinct().Count());
        IReadOnlyList<SlotOwner> owners = await Fabric.ReadSlotsAsync(Cancel);
        Assert.Equal(epochs.Max(), Assert.Single(owners.Select(owner => owner.Epoch).Distinct()));
    }

    [Fact]
    public async Task ClaimSlotsAsync_Always_TellsThoseWhoFollowTheTable()
    {
        MessageCollector followers = await CollectAsync(FabricAddress.Slots);
        await ClaimAsync(Other, OtherMaster);
        Assert.Empty(await followers.NextAsync());
    }

    [Fact]
    public async Task ClaimSlotsAsync_MasterIdOfAnyText_ReadBack()
    {
        const string MasterId = "höst 1 : eu {x}";
        await ClaimAsync(Fabric, MasterId);
        Assert.All(await Fabric.ReadSlotsAsync(Cancel), owner => Assert.Equal(MasterId, owner.MasterId));
    }

    [Fact]
    public async Task ClaimSlotsAsync_SenselessArguments_Throw()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Fabric.ClaimSlotsAsync("", 0, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Fabric.ClaimSlotsAsync(
            new string('m', FabricLimits.MasterIdCharactersMax + 1), 0, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Fabric.ClaimSlotsAsync(Master, FabricLimits.NumberMax, Cancel));
    }
}
