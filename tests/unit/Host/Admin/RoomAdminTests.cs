using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Edge;
using RelayServer.Http.Admin;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Host;

/// <summary>Requests of operators, from the head to what is asked of an edge and back.</summary>
public sealed class RoomAdminTests
{
    private readonly HttpOptions _options = new();
    private readonly PlayedRooms _rooms = new();

    [Fact]
    public async Task AnswerAsync_Change_SaysWhereItApplies()
    {
        AdminReply reply = await AskAsync("POST", "/rooms/sale/split", """{"mode":"groups","groups":8}""");

        Assert.Equal((200, """{"room":"sale","position":{"generation":3,"partition":0,"epoch":2,"seq":1042}}"""), (reply.Status, Text(reply)));
        Assert.Equal(["root Split sale"], _rooms.Asked);
    }

    [Theory]
    [InlineData(ErrorCode.BadArgument, 400)]
    [InlineData(ErrorCode.MalformedBody, 400)]
    [InlineData(ErrorCode.Forbidden, 403)]
    [InlineData(ErrorCode.NotFound, 404)]
    [InlineData(ErrorCode.Conflict, 409)]
    [InlineData(ErrorCode.NotOpen, 409)]
    [InlineData(ErrorCode.PayloadTooLarge, 413)]
    [InlineData((ErrorCode)3999, 400)]
    public async Task AnswerAsync_Refused_HasTheStatusAndTheCode(ErrorCode code, int status)
    {
        _rooms.Answer = new AdminAnswer(code, "not \"now\"");

        AdminReply reply = await AskAsync("POST", "/rooms/sale/merge");

        Assert.Equal((status, 0U), (reply.Status, reply.RetryAfterSeconds));
        using JsonDocument json = JsonDocument.Parse(reply.Body);
        Assert.Equal((int)code, json.RootElement.GetProperty("code").GetInt32());
        Assert.Equal(code.ToString(), json.RootElement.GetProperty("name").GetString());
        Assert.Equal("not \"now\"", json.RootElement.GetProperty("text").GetString());
        Assert.False(json.RootElement.TryGetProperty("retry_after_ms", out _));
    }

    [Theory]
    [InlineData(ErrorCode.Unavailable, 0, 503, 1)]
    [InlineData(ErrorCode.Overloaded, 1000, 503, 1)]
    [InlineData(ErrorCode.Draining, 1001, 503, 2)]
    [InlineData(ErrorCode.RateLimited, 2500, 429, 3)]
    [InlineData(ErrorCode.SlowMode, 60_000, 429, 60)]
    [InlineData(ErrorCode.InternalError, uint.MaxValue, 503, 4_294_968)]
    public async Task AnswerAsync_RefusedForNow_SaysWhenAgain(ErrorCode code, uint retryAfterMilliseconds, int status, uint seconds)
    {
        _rooms.Answer = new AdminAnswer(code, "later", retryAfterMilliseconds);

        AdminReply reply = await AskAsync("POST", "/rooms/sale/merge");

        Assert.Equal((status, seconds), (reply.Status, reply.RetryAfterSeconds));
        Assert.Contains($"\"retry_after_ms\":{retryAfterMilliseconds}", Text(reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/rooms/", 404, null)]
    [InlineData("GET", "/rooms//members", 404, null)]
    [InlineData("GET", "/rooms/sale/", 404, null)]
    [InlineData("GET", "/rooms/sale/nothing", 404, null)]
    [InlineData("GET", "/rooms/sale/members/2", 404, null)]
    [InlineData("POST", "/rooms/sale/SPLIT", 404, null)]
    [InlineData("POST", "/rooms", 405, "GET, HEAD")]
    [InlineData("DELETE", "/rooms/sale", 405, "GET, HEAD")]
    [InlineData("POST", "/rooms/sale/members", 405, "GET, HEAD")]
    [InlineData("GET", "/rooms/sale/split", 405, "POST")]
    [InlineData("PUT", "/rooms/sale/merge", 405, "POST")]
    [InlineData("GET", "/rooms/-sale", 400, null)]
    [InlineData("GET", "/rooms/sa le", 400, null)]
    [InlineData("POST", "/rooms/a\nb/merge", 400, null)]
    [InlineData("GET", "/rooms/sale?state=live", 400, null)]
    [InlineData("GET", "/rooms?state=dead", 400, null)]
    [InlineData("GET", "/rooms?max=0", 400, null)]
    [InlineData("GET", "/rooms?max=101", 400, null)]
    [InlineData("GET", "/rooms?max=1&max=2", 400, null)]
    [InlineData("GET", "/rooms?after=-", 400, null)]
    [InlineData("GET", "/rooms?order=name", 400, null)]
    public async Task AnswerAsync_NoSuchRequest_IsAskedOfNobody(string method, string path, int status, string? allow)
    {
        AdminReply reply = await AskAsync(method, path);

        Assert.Equal((status, allow), (reply.Status, reply.Allow));
        Assert.Empty(_rooms.Asked);
        JsonDocument.Parse(reply.Body).Dispose();
    }

    [Theory]
    [InlineData("/rooms", "root Rooms []  [] [] 0")]
    [InlineData("/rooms?state=&search=&after=&max=", "root Rooms []  [] [] 0")]
    [InlineData("/rooms?state=live&search=k%C3%A4se&after=lobby&max=100", "root Rooms [] 2 [käse] [lobby] 100")]
    [InlineData("/rooms/sale", "root Status [sale]  [] [] 0")]
    [InlineData("/rooms/sale/members", "root Members [sale]  [] [] 0")]
    public async Task AnswerAsync_Question_IsAsked(string path, string asked)
    {
        _rooms.Answer = new AdminAnswer(ErrorCode.NotFound);

        AdminReply reply = await AskAsync("GET", path);

        Assert.Equal(404, reply.Status);
        Assert.Equal([asked], _rooms.Asked);
    }

    [Fact]
    public async Task AnswerAsync_SearchThatIsTooLong_IsRefused() =>
        Assert.Equal(400, (await AskAsync("GET", "/rooms?search=" + new string('x', 201))).Status);

    [Fact]
    public async Task AnswerAsync_AnswerOfAnotherVersion_SaysSo()
    {
        _rooms.Answer = new AdminAnswer(ErrorCode.None) { Body = (byte[])[0x91, 0x01] };

        Assert.Equal(502, (await AskAsync("GET", "/rooms/sale")).Status);
    }

    [Theory]
    [InlineData(null, 401, "Bearer")]
    [InlineData("Basic cm9vdA==", 401, "Bearer")]
    [InlineData("Bearer ", 401, "Bearer")]
    [InlineData("Bearer rubbish", 401, "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer Expired", 401, "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer Revoked", 401, "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer viewer", 403, null)]
    [InlineData("Bearer member", 403, null)]
    [InlineData("Bearer service", 403, null)]
    public async Task AnswerAsync_NotAnOperator_GetsNothing(string? authorization, int status, string? challenge)
    {
        foreach ((string method, string path) in new[] { ("GET", "/rooms"), ("GET", "/rooms/sale"), ("POST", "/rooms/sale/end"), ("GET", "/rooms/sale/nothing") })
        {
            AdminReply reply = await AskAsync(method, path, authorization: authorization);

            Assert.Equal((status, challenge), (reply.Status, reply.Challenge));
        }

        Assert.Empty(_rooms.Asked);
    }

    [Theory]
    [InlineData("127.0.0.1", false, 200)]
    [InlineData("::1", false, 200)]
    [InlineData("::ffff:127.0.0.1", false, 200)]
    [InlineData("192.0.2.7", false, 403)]
    [InlineData(null, false, 403)]
    [InlineData("192.0.2.7", true, 200)]
    public async Task AnswerAsync_FromAMachine_IsForThisOneUnlessSet(string? peer, bool remoteAdmin, int status)
    {
        _options.RemoteAdmin = remoteAdmin;

        Assert.Equal(status, (await AskAsync("POST", "/rooms/sale/start", peer: peer)).Status);
        Assert.Equal(status == 200 ? 1 : 0, _rooms.Asked.Count);
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData(null, 200)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    public async Task AnswerAsync_TypeOfBody_IsJson(string? type, int status) =>
        Assert.Equal(status, (await AskAsync("POST", "/rooms/sale/notice", """{"text":"hi"}""", type: type)).Status);

    [Theory]
    [InlineData(AdminLimits.BodyBytesMax, 200)]
    [InlineData(AdminLimits.BodyBytesMax + 1, 413)]
    public async Task AnswerAsync_LargeBody_EndsAtTheLimit(int bytes, int status)
    {
        string json = "{}".PadRight(bytes);

        Assert.Equal(status, (await AskAsync("POST", "/rooms/sale/merge", json)).Status);
        Assert.Equal(status, (await AskAsync("POST", "/rooms/sale/merge", json, saysLength: false)).Status);
    }

    private async Task<AdminReply> AskAsync(
        string method, string path, string? body = null, string? authorization = "Bearer operator", string? peer = "127.0.0.1",
        string? type = "application/json", bool saysLength = true)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Path = new PathString(query < 0 ? path : path[..query]);
        context.Request.QueryString = new QueryString(query < 0 ? null : path[query..]);
        context.Request.Headers.Authorization = authorization;
        context.Request.ContentType = type;
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        if (body is not null)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(body);
            context.Request.Body = new MemoryStream(bytes);
            context.Request.ContentLength = saysLength ? bytes.Length : null;
        }

        return await new RoomAdmin(new OperatorAccess(_options, new RoleTokens()), _rooms, NullLogger.Instance).AnswerAsync(context);
    }

    private static string Text(AdminReply reply) => Encoding.UTF8.GetString(reply.Body);
}
