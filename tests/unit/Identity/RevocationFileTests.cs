using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>The list of revoked tokens.</summary>
public sealed class RevocationFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly FixedTime _time = new();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void IsRevoked_ListedTokenOrUser_IsTrue()
    {
        File.WriteAllText(_path, "# comment\n\n token-1 \nuser:mallory\nsession:session-1\n");
        var list = new RevocationFile(_path, _time);

        Assert.True(list.IsRevoked("relay", "token-1", "alice", "session-2"));
        Assert.True(list.IsRevoked("relay", string.Empty, "mallory", "session-2"));
        Assert.True(list.IsRevoked("relay", "token-2", "alice", "session-1"));
        Assert.False(list.IsRevoked("relay", "token-2", "alice", "session-2"));
        Assert.False(list.IsRevoked("relay", string.Empty, "alice", "session-2"));
        Assert.False(list.IsRevoked("relay", "# comment", "alice", "session-2"));
    }

    [Fact]
    public void IsRevoked_FileChanged_IsReadAgainAfterASecond()
    {
        var list = new RevocationFile(_path, _time);
        File.WriteAllText(_path, "token-1\n");
        File.SetLastWriteTimeUtc(_path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        bool atOnce = list.IsRevoked("relay", "token-1", "alice", "session-2");
        _time.Now += TimeSpan.FromSeconds(1);

        Assert.False(atOnce);
        Assert.True(list.IsRevoked("relay", "token-1", "alice", "session-2"));
    }

    [Fact]
    public void IsRevoked_FileGone_KeepsWhatWasRevoked()
    {
        File.WriteAllText(_path, "token-1\n");
        var list = new RevocationFile(_path, _time);
        File.Delete(_path);
        _time.Now += TimeSpan.FromMinutes(1);

        Assert.True(list.IsRevoked("relay", "token-1", "alice", "session-2"));
    }

    [Fact]
    public void Constructor_MissingFile_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => new RevocationFile(_path + ".none", _time));
    }
}
