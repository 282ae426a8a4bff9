using System.Text;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Searches of a second are bounded, and shared by those who search.</summary>
public sealed class SearchBudgetTests
{
    private const int Rooms = 10_000;
    private readonly SearchBudget _budget = new(5);

    [Fact]
    public void MaySearch_OneUser_HasHalf()
    {
        Assert.Equal(SearchBudget.RoomsMax / 2 / Rooms, Searches("mallory", 1000));
        Assert.Equal(1, Searches("ann", 1));
    }

    [Fact]
    public void MaySearch_TwoInTurns_HaveEqualShares()
    {
        int[] searches = new int[2];
        for (int i = 0; i < 1000; i++)
        {
            searches[i % 2] += Searches(i % 2 == 0 ? "ann" : "ben", 1);
        }

        Assert.InRange(searches[0] - searches[1], -1, 1);
        Assert.Equal(SearchBudget.RoomsMax / 2 / Rooms, searches.Sum());
    }

    [Fact]
    public void MaySearch_AlwaysNewUsers_IsBoundedAndSoIsWhatIsRemembered()
    {
        int searches = 0;
        for (int i = 0; i < 3 * SearchBudget.UsersMax; i++)
        {
            searches += Searches("user-" + i, 1);
        }

        Assert.Equal(SearchBudget.RoomsMax / Rooms, searches);
        Assert.Equal(SearchBudget.UsersMax, _budget.UserCount);
    }

    [Fact]
    public void MaySearch_WhoWasRefusedInTheSecondBefore_ComesBeforeWhoWasNot()
    {
        for (int i = 0; i < 100; i++)
        {
            Searches("mallory-" + i, 1);
        }

        Assert.Equal(0, Searches("ann", 1));
        _budget.Tick();
        for (int i = 0; i < SearchBudget.RoomsMax / Rooms; i++)
        {
            Searches("mallory-" + i, 100);
        }

        Assert.Equal(1, Searches("ann", 1));
    }

    private int Searches(string user, int times)
    {
        byte[] id = Encoding.UTF8.GetBytes(user);
        int searches = 0;
        for (int i = 0; i < times; i++)
        {
            if (_budget.MaySearch(id))
            {
                _budget.Searched(id, Rooms);
                searches++;
            }
        }

        return searches;
    }
}
