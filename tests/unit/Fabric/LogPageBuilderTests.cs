using RelayServer.Fabric;

namespace RelayServer.UnitTests.Fabric;

public sealed class LogPageBuilderTests
{
    [Theory]
    [InlineData(100, 10)]
    [InlineData(109, 10)]
    [InlineData(10, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(int.MinValue, 1)]
    public void Fits_TenByteBodies_AsManyAsFitAtLeastOne(int bytesMax, int entries)
    {
        var page = new LogPageBuilder(bytesMax);
        for (ulong seq = 1; page.Fits(10); seq++)
        {
            page.Add(1, seq, new byte[10]);
        }

        Assert.Equal(entries, page.Build().Entries.Count);
        Assert.True(page.Build().HasMore);
    }

    [Fact]
    public void Fits_BoundAboveReadBytesMax_TakenAsReadBytesMax()
    {
        var page = new LogPageBuilder(int.MaxValue);
        page.Add(1, 1, new byte[FabricLimits.ReadBytesMax - 1]);
        Assert.True(page.Fits(1));
        Assert.False(page.Fits(2));
    }

    [Fact]
    public void Build_Empty_TheEmptyPage() => Assert.Same(LogPage.Empty, new LogPageBuilder(10).BuildReversed());
}
