using System.Security.Cryptography;
using RelayServer.Accounts;
using RelayServer.Accounts.Secrets;
using RelayServer.Accounts.Sessions;

namespace RelayServer.UnitTests.Accounts;

public sealed class AuthSecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-secret-").FullName;
    private readonly AuthSecret _secret = new(new byte[32]);
    private readonly AuthSecret _other = new([.. Enumerable.Repeat((byte)1, 32)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_OfOneSecret_DifferByUseAndBySecret()
    {
        string[] all =
        [
            Convert.ToHexString(_secret.Pairwise), Convert.ToHexString(_secret.Check), _secret.HashOf("phone", "1"), _secret.HashOf("name", "1"),
            Convert.ToHexString(_secret.HashOfCode("phone", "1")), Convert.ToHexString(_secret.RefreshProof("phone", 1, [])),
            Convert.ToHexString(_other.Pairwise), Convert.ToHexString(_other.Check), _other.HashOf("phone", "1"),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(_secret.HashOf("phone", "1"), new AuthSecret(new byte[32]).HashOf("phone", "1"));
    }

    [Fact]
    public void Seal_SameNameAndSecret_IsOpenedAndNothingElseIs()
    {
        byte[] content = [1, 2, 3];
        byte[] sealedContent = _secret.Seal("key", content);
        Assert.Equal(content, _secret.Open("key", sealedContent));
        Assert.NotEqual(sealedContent, _secret.Seal("key", content));
        Assert.ThrowsAny<CryptographicException>(() => _secret.Open("other", sealedContent));
        Assert.ThrowsAny<CryptographicException>(() => _other.Open("key", sealedContent));
        Assert.ThrowsAny<CryptographicException>(() => _secret.Open("key", sealedContent.AsSpan(0, 5)));
        sealedContent[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => _secret.Open("key", sealedContent));
    }

    [Fact]
    public async Task ReadOrCreate_NewFile_IsTheOwnersAndTheSameAgain()
    {
        string path = Path.Combine(_folder, "secret");
        AuthSecret first = await ReadOrCreateAsync(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(first.Check, (await ReadOrCreateAsync(path)).Check);
    }

    // Who had another one would lose all accounts with the next start.
    [Fact]
    public async Task ReadOrCreate_SeveralAtTheSameTime_HaveTheSame()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = Path.Combine(_folder, $"shared-{round}");
            using var start = new Barrier(4);
            AuthSecret[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return ReadOrCreateAsync(path);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
            Assert.Single(all.Append(await ReadOrCreateAsync(path)).Select(secret => Convert.ToHexString(secret.Check)).Distinct());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("not base64url!!")]
    public async Task ReadOrCreate_WhatIsNoSecret_IsRefusedWithoutShowingIt(string content)
    {
        string path = Path.Combine(_folder, "broken");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AuthStartException problem = await Assert.ThrowsAsync<AuthStartException>(() => ReadOrCreateAsync(path));
        Assert.Contains(path, problem.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !problem.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void RefreshToken_Written_IsReadAgainAndOursOnly()
    {
        byte[] seed = [7, 8];
        string text = RefreshToken.Create(_secret, "session", 3, seed);
        Assert.True(RefreshToken.TryParse(text, out RefreshToken token));
        Assert.Equal(("session", 3L), (token.SessionId, token.Generation));
        Assert.True(token.IsOurs(_secret, seed));
        Assert.False(token.IsOurs(_other, seed));
        Assert.False(token.IsOurs(_secret, [7]));
        Assert.False((token with { Generation = 4 }).IsOurs(_secret, seed));
        Assert.False((token with { SessionId = "other" }).IsOurs(_secret, seed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("r1.a.1")]
    [InlineData("r2.a.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("r1..1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("r1.a.-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("r1.a.1.AAAA")]
    [InlineData("r1.a.1.!!!!")]
    public void RefreshToken_AnotherShape_IsNone(string text) => Assert.False(RefreshToken.TryParse(text, out _));

    private static Task<AuthSecret> ReadOrCreateAsync(string path) => AuthSecret.ReadOrCreateAsync(path, TestContext.Current.CancellationToken);
}
