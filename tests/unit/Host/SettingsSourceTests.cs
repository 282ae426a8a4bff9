using System.Collections;
using System.Net;
using Microsoft.Extensions.Logging;
using RelayServer.Options;

namespace RelayServer.UnitTests.Host;

/// <summary>Settings from file, environment and arguments.</summary>
public sealed class SettingsSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_Nothing_GivesTheDefaults()
    {
        RelaySettings settings = Load();

        Assert.Equal([new(IPAddress.Loopback, 7400), new(IPAddress.Loopback, 7401)], settings.Local.Listen);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7480), settings.Http.Listen);
        Assert.Empty(settings.Tokens.Keys);
    }

    [Fact]
    public void Load_SameKeyInAllPlaces_ArgumentsWinOverEnvironmentOverFile()
    {
        string file = Write("""{ "Edge": { "ConnectionsMax": 1, "HandshakesMax": 1, "Name": "file" } }""");

        RelaySettings settings = Load(
            file,
            new() { ["RELAY_Edge__ConnectionsMax"] = "2", ["RELAY_EDGE__HANDSHAKESMAX"] = "2" },
            new() { ["edge:connectionsmax"] = "3" });

        Assert.Equal((3, 2, "file"), (settings.Edge.ConnectionsMax, settings.Edge.HandshakesMax, settings.Edge.Name));
    }

    [Fact]
    public void Load_EveryKindOfValue_IsRead()
    {
        string file = Write("""
            {
              // comments are allowed
              "Data": "some/folder",
              "Local": { "Listen": ["127.0.0.1:1", "[::1]:2", "localhost:3", "*:4"] },
              "Tokens": { "Keys": [ { "File": "a" }, { "File": "b", "Issuer": "https://i" } ] },
              "Http": { "AnonymousMetrics": true, "TokenFile": null },
              "Metrics": { "OtlpEndpoint": "http://127.0.0.1:4317" },
              "Log": { "Level": "debug", "Format": "JSON" }
            }
            """);

        RelaySettings settings = Load(file);

        Assert.Equal("some/folder", settings.Data);
        Assert.Equal(["127.0.0.1:1", "[::1]:2", "127.0.0.1:3", "0.0.0.0:4"], settings.Local.Listen.Select(listen => listen.ToString()));
        Assert.Equal([("a", null), ("b", "https://i")], settings.Tokens.Keys.Select(key => (key.File, key.Issuer)));
        Assert.Equal(new Uri("http://127.0.0.1:4317"), settings.Metrics.OtlpEndpoint);
        Assert.Equal((LogLevel.Debug, LogFormat.Json, true), (settings.Log.Level, settings.Log.Format, settings.Http.AnonymousMetrics));
    }

    [Fact]
    public void Load_ListInOneValue_IsSplitAtCommas()
    {
        RelaySettings settings = Load(environment: new() { ["RELAY_Local__Listen"] = "127.0.0.1:1, 127.0.0.1:2" });

        Assert.Equal(2, settings.Local.Listen.Count);
    }

    [Fact]
    public void Load_ListInTwoPlaces_IsReplacedAsAWhole()
    {
        string file = Write("""{ "Local": { "Listen": ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"] } }""");
        Hashtable environment = new() { ["RELAY_Local__Listen"] = "127.0.0.1:4,127.0.0.1:5" };

        Assert.Equal([4, 5], Load(file, environment).Local.Listen.Select(listen => listen.Port));
        Assert.Equal([6], Load(file, environment, new() { ["Local:Listen:0"] = "127.0.0.1:6" }).Local.Listen.Select(listen => listen.Port));
    }

    [Theory]
    [InlineData("RELAY_TOKEN")]
    [InlineData("RELAY_TESTS_STRICT")]
    [InlineData("PATH")]
    [InlineData("OTHER__Edge")]
    public void Load_EnvironmentOfOthers_IsIgnored(string name)
    {
        Assert.NotNull(Load(environment: new() { [name] = "x" }));
    }

    [Fact]
    public void Load_DataFolderInTheEnvironment_IsTaken()
    {
        Assert.Equal("/d", Load(environment: new() { ["RELAY_DATA"] = "/d" }).Data);
    }

    [Theory]
    [InlineData("Http:Lisen", "1", "did you mean Http:Listen?")]
    [InlineData("Htp:Listen", "1", "did you mean Http?")]
    [InlineData("Zzz", "1", "no such setting")]
    [InlineData("Tokens:Keys:x:File", "x", "numbered from 0")]
    [InlineData("Tokens:Keys:0:Id", "x", "Tokens:Keys:0:File: nothing is not allowed")]
    [InlineData("Local:Listen", "foo", "Local:Listen: \"foo\" is not allowed")]
    [InlineData("Local:Listen:0", "foo", "Local:Listen:0: \"foo\" is not allowed")]
    [InlineData("Local:Listen:0", "127.0.0.1:99999", "Local:Listen:0: \"127.0.0.1:99999\" is not allowed; expected an address and port")]
    [InlineData("Http:Listen", "7480", "expected an address and port such as")]
    [InlineData("Http:Listen", "::1:7480", "expected an address and port such as")]
    [InlineData("Http:Listen", "example.org:7480", "expected an address and port such as")]
    [InlineData("Http:Listen", "127.0.0.1:65536", "expected an address and port such as")]
    [InlineData("Http:AnonymousMetrics", "yes", "expected true, false")]
    [InlineData("Edge:ConnectionsMax", "many", "expected a whole number")]
    [InlineData("Edge:ConnectionsMax", "0", "0 is not allowed; allowed: 1 to 1000000")]
    [InlineData("Edge:ConnectionsMax", "", "expected a whole number")]
    [InlineData("Edge:Name", "a b", "allowed: what matches")]
    [InlineData("Log:Format", "xml", "expected Text, Json")]
    [InlineData("Log:Format", "1", "expected Text, Json")]
    [InlineData("Metrics:OtlpEndpoint", "collector", "expected an address such as http")]
    [InlineData("Edge:ConnectionsMax:More", "1", "is one value, not a section")]
    [InlineData("Embedded:DataFolder", "x", "no such setting")]
    [InlineData("Embedded:ReadersMax", "0", "Embedded:ReadersMax must be 1 to 64")]
    [InlineData("Redis:Endpoints", "nowhere", "Redis:Endpoints must be host:port")]
    [InlineData("Edge:DrainMilliseconds", "60000", "Shutdown:TimeoutSeconds: 30 is not allowed; allowed: at least 65")]
    [InlineData("Edge:TlsKeyFile", "key.pem", "goes with Edge:TlsCertificateFile")]
    [InlineData("Edge:IdleTimeoutMilliseconds", "59999", "at least twice Edge:HeartbeatMilliseconds")]
    public void Load_WhatIsNotAllowed_NamesTheKeyAndWhatIs(string key, string value, string expected)
    {
        SettingsException problem = Assert.Throws<SettingsException>(() => Load(arguments: new() { [key] = value }));

        string line = Assert.Single(problem.Problems);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Contains(':', line);
    }

    [Fact]
    public void Load_UnknownKeyInAList_SuggestsTheFullKey()
    {
        SettingsException problem = Assert.Throws<SettingsException>(() => Load(arguments: new() { ["Tokens:Keys:0:Fil"] = "x" }));

        Assert.Contains("did you mean Tokens:Keys:0:File?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralProblems_AreAllNamed()
    {
        SettingsException problem = Assert.Throws<SettingsException>(() => Load(arguments: new() { ["A"] = "1", ["Http:Listen"] = "x", ["Tokens:SkewSeconds"] = "31" }));

        Assert.Equal(3, problem.Problems.Count);
    }

    [Theory]
    [InlineData("{ ")]
    [InlineData("[]")]
    [InlineData("hello")]
    public void Load_FileThatIsNotASettingsFile_NamesIt(string content)
    {
        string file = Write(content);

        SettingsException problem = Assert.Throws<SettingsException>(() => Load(file));

        Assert.Contains(file, Assert.Single(problem.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        Assert.Contains("none.json", Assert.Throws<SettingsException>(() => Load("none.json")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.None, true)]
    [InlineData(UnixFileMode.OtherRead, false)]
    public void Load_FileWithASecret_MustBeItsOwnersAlone(UnixFileMode others, bool accepted)
    {
        string file = Write("""{ "Redis": { "Password": "hunter2" } }""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        if (accepted)
        {
            Assert.Equal("hunter2", Load(file).Redis.Password);
            return;
        }

        SettingsException problem = Assert.Throws<SettingsException>(() => Load(file));
        Assert.Contains("chmod 600", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    private static RelaySettings Load(string? file = null, Hashtable? environment = null, Dictionary<string, string?>? arguments = null) =>
        SettingsSource.Load(file, environment ?? [], arguments ?? []);

    private string Write(string content)
    {
        string file = Path.Combine(_folder, "relay.json");
        File.WriteAllText(file, content);
        return file;
    }
}
