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

        Assert.True(list.IsRevoked(new TokenIdentity("relay", "token-1", "session-2"), "alice"));
        Assert.True(list.IsRevoked(new TokenIdentity("relay", string.Empty, "session-2"), "mallory"));
        Assert.True(list.IsRevoked(new TokenIdentity("relay", "token-2", "session-1"), "alice"));
        Assert.False(list.IsRevoked(new TokenIdentity("relay", "token-2", "session-2"), "alice"));
        Assert.False(list.IsRevoked(new TokenIdentity("relay", string.Empty, "session-2"), "alice"));
        Assert.False(list.IsRevoked(new TokenIdentity("relay", "# comment", "session-2"), "alice"));
    }

    [Fact]
    public void IsRevoked_FileChanged_IsReadAgainAfterASecond()
    {
        var list = new RevocationFile(_path, _time);
        File.WriteAllText(_path, "token-1\n");
        File.SetLastWriteTimeUtc(_path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        int before = list.Refresh();
        bool atOnce = list.IsRevoked(new TokenIdentity("relay", "token-1", "session-2"), "alice");
        _time.Now += TimeSpan.FromSeconds(1);
        int after = list.Refresh();

        Assert.False(atOnce);
        Assert.True(list.IsRevoked(new TokenIdentity("relay", "token-1", "session-2"), "alice"));
        Assert.NotEqual(before, after);
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(after, list.Refresh());
    }

    [Fact]
    public void IsRevoked_ReadWhileItWasWritten_IsReadAgain()
    {
        // What is written within a tick of the file system's clock has one time: of two writes, or of a file that is cut and filled anew.
        DateTime written = File.GetLastWriteTimeUtc(_path);
        var list = new RevocationFile(_path, _time);
        File.WriteAllText(_path, "token-1\n");
        File.SetLastWriteTimeUtc(_path, written);
        _time.Now += TimeSpan.FromSeconds(1);
        list.Refresh();

        Assert.True(list.IsRevoked(new TokenIdentity("relay", "token-1", "session-2"), "alice"));
    }

    [Fact]
    public void IsRevoked_FileGone_KeepsWhatWasRevoked()
    {
        File.WriteAllText(_path, "token-1\n");
        var list = new RevocationFile(_path, _time);
        File.Delete(_path);
        _time.Now += TimeSpan.FromMinutes(1);
        list.Refresh();

        Assert.True(list.IsRevoked(new TokenIdentity("relay", "token-1", "session-2"), "alice"));
    }

    [Fact]
    public void Constructor_MissingFile_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => new RevocationFile(_path + ".none", _time));
    }
}
