using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RelayServer.Cli;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>Operators over HTTP, against a relay of one process.</summary>
public sealed class RoomAdminTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await RunningRelay.StartAsync("--data", _folder.File("data"), "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0");
        await _relay.ReadyAsync();
        await SignInAsync("operator");
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rooms_CreatedSetSplitAndMerged_AreAsTheyAreToldToBe()
    {
        await DoneAsync("sale/create", """{"title":"Spring sale","description":"all of it"}""");
        await DoneAsync("sale/start");
        await DoneAsync("sale/settings", """{"slow_mode_ms":2000,"frozen":true}""");
        await DoneAsync("sale/product", """{"id":"1","title":"Tea","price_minor":499,"currency":"EUR"}""");
        (ulong before, _) = await DoneAsync("sale/split", """{"mode":"edge"}""");
        (int again, JsonDocument why) = await PostAsync("sale/split", """{"mode":"groups","groups":2}""");
        Assert.Equal((409, 3021), (again, why.RootElement.GetProperty("code").GetInt32()));
        why.Dispose();

        using (JsonDocument split = await GetAsync("/rooms/sale"))
        {
            JsonElement room = split.RootElement;
            Assert.Equal(("Spring sale", "live", "root", "operator"), (Text(room, "title"), Text(room, "state"), Text(room, "owner"), Text(room, "role")));
            Assert.Equal(("edges", before + 1), (Text(room, "mode"), room.GetProperty("generation").GetUInt64()));
            Assert.Equal(2000, room.GetProperty("settings").GetProperty("slow_mode_ms").GetInt32());
            Assert.Equal("Tea", Text(room.GetProperty("products")[0], "title"));
            Assert.Equal(0, room.GetProperty("members").GetInt32());
        }

        (ulong after, _) = await DoneAsync("sale/merge");
        Assert.Equal(before + 1, after);
        using JsonDocument merged = await GetAsync("/rooms/sale");
        Assert.Equal("whole", Text(merged.RootElement, "mode"));
        using JsonDocument members = await GetAsync("/rooms/sale/members");
        Assert.Equal(0, members.RootElement.GetProperty("members").GetInt32());
    }

    [Fact]
    public async Task Rooms_List_IsInPagesAndCanBeSearched()
    {
        foreach (string room in new[] { "a", "b", "c" })
        {
            await DoneAsync($"{room}/create", $$"""{"title":"Käse {{room}}"}""");
        }

        await DoneAsync("b/start");

        Assert.Equal("a b …", await ListAsync("?max=2"));
        Assert.Equal("c", await ListAsync("?max=2&after=b"));
        Assert.Equal("b", await ListAsync("?state=live"));
        Assert.Equal("c", await ListAsync("?search=" + Uri.EscapeDataString("käse c")));
        Assert.Equal("", await ListAsync("?state=ended"));
    }

    [Fact]
    public async Task Changes_OneAfterTheOther_ApplyInTheLogsOrder()
    {
        (_, ulong first) = await DoneAsync("lobby/notice", """{"text":"hello"}""");
        (_, ulong second) = await DoneAsync("lobby/notice", """{"text":""}""");

        Assert.Equal(first + 1, second);
    }

    [Theory]
    [InlineData("merge", "", 409, 3021)]
    [InlineData("start", "", 409, 3021)]
    [InlineData("mute", """{"user":"ben","seconds":0}""", 404, 3022)]
    [InlineData("purchase", """{"product_id":"1","quantity":1}""", 404, 3022)]
    [InlineData("mute", """{"user":"root","seconds":60}""", 400, 3015)]
    [InlineData("split", """{"mode":"groups","groups":8}""", 400, 3015)]
    [InlineData("split", """{"mode":"groups","groups":1}""", 400, 3015)]
    [InlineData("split", """{"mode":"groups","groups":8""", 400, 3015)]
    [InlineData("split", """["groups",8]""", 400, 3015)]
    [InlineData("nothing", "", 404, 3022)]
    public async Task Post_WhatCannotBeDone_SaysWhy(string verb, string body, int status, int code)
    {
        (int answered, JsonDocument json) = await PostAsync("room.1/" + verb, body);
        using (json)
        {
            Assert.Equal((status, code), (answered, json.RootElement.GetProperty("code").GetInt32()));
            Assert.NotEmpty(Text(json.RootElement, "text"));
        }
    }

    [Theory]
    [InlineData("/rooms/-", HttpStatusCode.BadRequest)]
    [InlineData("/rooms/a%2Fb", HttpStatusCode.BadRequest)]
    [InlineData("/rooms/a/b/c", HttpStatusCode.NotFound)]
    [InlineData("/rooms?state=gone", HttpStatusCode.BadRequest)]
    [InlineData("/rooms/sale/split", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/roomsandmore", HttpStatusCode.NotFound)]
    public async Task Get_WhatThereIsNot_SaysWhy(string path, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _relay.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Get_RoomThatNobodyKnows_IsOpenAndEmpty()
    {
        using JsonDocument room = await GetAsync("/rooms/nobody-was-here");

        Assert.Equal(("open", "whole", 0), (Text(room.RootElement, "state"), Text(room.RootElement, "mode"), room.RootElement.GetProperty("members").GetInt32()));
    }

    [Fact]
    public async Task Post_BodyAboveTheLimit_IsRefusedWithAndWithoutItsLength()
    {
        string body = "{}".PadRight((64 * 1024) + 1);
        (int status, JsonDocument json) = await PostAsync("sale/merge", body);
        json.Dispose();
        Assert.Equal(413, status);

        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/rooms/sale/merge") { Content = Json(body) };
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage answer = await _relay.Http.SendAsync(chunked, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await DoneAsync("sale/notice", """{"text":"still there"}""");
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("member", HttpStatusCode.Forbidden)]
    [InlineData("service", HttpStatusCode.Forbidden)]
    public async Task Send_WithoutTheRole_IsRefused(string? role, HttpStatusCode expected)
    {
        _relay.Http.DefaultRequestHeaders.Authorization = null;
        if (role is not null)
        {
            await SignInAsync(role);
        }

        using HttpResponseMessage question = await _relay.Http.GetAsync("/rooms", TestContext.Current.CancellationToken);
        using HttpResponseMessage change = await _relay.Http.PostAsync("/rooms/sale/create", Json("{}"), TestContext.Current.CancellationToken);

        Assert.Equal((expected, expected), (question.StatusCode, change.StatusCode));
        Assert.Equal(expected == HttpStatusCode.Unauthorized, change.Headers.WwwAuthenticate.Count == 1);
        Assert.StartsWith("default-src 'none'", change.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TokenOfAnotherRelay_IsRefused()
    {
        _relay.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290Iiwicm9sZSI6Im9wZXJhdG9yIn0.");

        (int status, JsonDocument json) = await PostAsync("sale/end", "");
        using (json)
        {
            Assert.Equal((401, 2000), (status, json.RootElement.GetProperty("code").GetInt32()));
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task SignInAsync(string role)
    {
        using var output = new StringWriter();
        int exit = await RelayCommandLine.RunAsync(
            ["token", "--user", "root", "--role", role, "--data", _folder.File("data")], output, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.Equal(0, exit);
        _relay.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", output.ToString().Trim());
    }

    private async Task<(int Status, JsonDocument Json)> PostAsync(string path, string body)
    {
        using HttpResponseMessage answer = await _relay.Http.PostAsync("/rooms/" + path, Json(body), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private async Task<(ulong Generation, ulong Seq)> DoneAsync(string path, string body = "")
    {
        (int status, JsonDocument json) = await PostAsync(path, body);
        using (json)
        {
            Assert.True(status == 200, $"{path}: {status} {json.RootElement}");
            JsonElement position = json.RootElement.GetProperty("position");
            return (position.GetProperty("generation").GetUInt64(), position.GetProperty("seq").GetUInt64());
        }
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        using HttpResponseMessage answer = await _relay.Http.GetAsync(path, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text);
    }

    // The names, and a mark when there are more.
    private async Task<string> ListAsync(string query)
    {
        using JsonDocument list = await GetAsync("/rooms" + query);
        IEnumerable<string> rooms = list.RootElement.GetProperty("rooms").EnumerateArray().Select(room => Text(room, "room"));
        return string.Join(' ', list.RootElement.GetProperty("more").GetBoolean() ? rooms.Append("…") : rooms);
    }
}
