using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using RelayServer.Client;
using RelayServer.Edge;
using RelayServer.Protocol;

namespace RelayServer.Http.Admin;

/// <summary>
/// Answers <c>/rooms</c> and what is below it: an operator asks about rooms and changes them. protocol/ADMIN.md is its
/// specification.
/// </summary>
internal sealed class RoomAdmin(OperatorAccess access, IRoomOperator rooms, ILogger logger)
{
    private const string Reading = "GET, HEAD";
    private const string Changing = "POST";
    private const string MembersAction = "members";
    private const string JsonType = "application/json";

    /// <summary>Answers one request; the caller writes the answer.</summary>
    public async Task<AdminReply> AnswerAsync(HttpContext context)
    {
        // The listener takes no bodies otherwise. Set before anything is refused: what is left of a body is read then, too.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = AdminLimits.BodyBytesMax;
        }

        (string user, AdminReply? refusal) = await access.CheckAsync(context);
        if (refusal is not null)
        {
            return refusal;
        }

        HttpRequest request = context.Request;
        RoomRoute? route = RoomRoute.Parse(request.Path.Value!);
        bool isChange = route?.Action is { } action && ControlJson.Verbs.Contains(action);
        if (route is null || (route.Action is not (null or MembersAction) && !isChange))
        {
            return Refused(ErrorCode.NotFound, $"there are /rooms, /rooms/NAME, /rooms/NAME/members and, with POST, /rooms/NAME/ and one of {string.Join(", ", ControlJson.Verbs)}");
        }

        if (isChange != HttpMethods.IsPost(request.Method) || (!isChange && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)))
        {
            return AdminReply.WrongMethod(isChange ? Changing : Reading);
        }

        if (route.Room is { } room && !ChannelName.IsValid(room))
        {
            return Refused(ErrorCode.BadChannelName,
                $"a room's name is a letter or digit, then letters, digits, '.', '_' and '-', at most {ProtocolLimits.ChannelNameBytesMax} in all");
        }

        return isChange ? await ChangeAsync(context, route.Room!, route.Action!, user)
            : route.Room is null ? await ListAsync(context, user)
            : await TellAsync(context, route, user);
    }

    private static AdminReply Refused(ErrorCode code, string text, int? status = null) => AdminReply.Refused(new AdminAnswer(code, text), status);

    private async Task<AdminReply> ChangeAsync(HttpContext context, string room, string verb, string user)
    {
        (byte[] body, AdminReply? refusal) = await ReadBodyAsync(context);
        if (refusal is not null)
        {
            return refusal;
        }

        if (ControlJson.Read(verb, body, out string? problem) is not { } control)
        {
            return Refused(ErrorCode.BadArgument, problem!);
        }

        // To its end, also when nobody waits for it any more: what was done is logged.
        AdminAnswer answer = await rooms.ControlAsync(room, control, user, CancellationToken.None);
        AdminLog.Controlled(logger, user, verb, room, answer.Code);
        return answer.Position is { } position ? AdminReply.Ok(AdminJson.Done(room, position)) : AdminReply.Refused(answer);
    }

    private async Task<AdminReply> TellAsync(HttpContext context, RoomRoute route, string user)
    {
        if (context.Request.QueryString.HasValue)
        {
            return Refused(ErrorCode.BadArgument, "this address takes no query");
        }

        bool areMembers = route.Action == MembersAction;
        var query = new QueryBody { What = areMembers ? QueryKind.Members : QueryKind.Status, Channel = Encoding.ASCII.GetBytes(route.Room!) };
        AdminAnswer answer = await rooms.QueryAsync(query, user, context.RequestAborted);
        return Told(answer, body => areMembers
            ? RoomMembers.Decode(body.Span) is { } members ? AdminJson.Members(route.Room!, members) : null
            : RoomStatus.Decode(body.Span) is { } status ? AdminJson.Status(status) : null);
    }

    private async Task<AdminReply> ListAsync(HttpContext context, string user)
    {
        if (SearchQuery.Read(context.Request.Query, out string? problem) is not { } search)
        {
            return Refused(ErrorCode.BadArgument, problem!);
        }

        var query = new QueryBody
        {
            What = QueryKind.Rooms,
            State = (byte?)search.State,
            Search = Encoding.UTF8.GetBytes(search.Search),
            After = Encoding.UTF8.GetBytes(search.After),
            Max = (byte)search.Max,
        };
        AdminAnswer answer = await rooms.QueryAsync(query, user, context.RequestAborted);
        return Told(answer, body => RoomPage.Decode(body.Span) is { } page ? AdminJson.List(page) : null);
    }

    private static AdminReply Told(AdminAnswer answer, Func<ReadOnlyMemory<byte>, byte[]?> read) =>
        !answer.IsDone ? AdminReply.Refused(answer)
        : read(answer.Body) is { } json ? AdminReply.Ok(json)
        : Refused(ErrorCode.InternalError, "the master's answer is of a form that this version does not know", StatusCodes.Status502BadGateway);

    private static async Task<(byte[] Body, AdminReply? Refusal)> ReadBodyAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.ContentType is { } type && !type.Split(';')[0].Trim().Equals(JsonType, StringComparison.OrdinalIgnoreCase))
        {
            return ([], Refused(ErrorCode.BadArgument, $"the body is {JsonType}", StatusCodes.Status415UnsupportedMediaType));
        }

        AdminReply tooLarge = Refused(ErrorCode.PayloadTooLarge, $"a body has at most {AdminLimits.BodyBytesMax} bytes");
        if (request.ContentLength > AdminLimits.BodyBytesMax)
        {
            return ([], tooLarge);
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(AdminLimits.BodyTimeoutMilliseconds);
        byte[] buffer = new byte[AdminLimits.BodyBytesMax + 1];
        try
        {
            int bytes = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, deadline.Token);
            return bytes <= AdminLimits.BodyBytesMax ? (buffer[..bytes], null) : ([], tooLarge);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return ([], Refused(ErrorCode.BadArgument, "the body did not arrive in time", StatusCodes.Status408RequestTimeout));
        }
        catch (BadHttpRequestException problem)
        {
            return ([], problem.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? tooLarge
                : Refused(ErrorCode.BadArgument, "the body could not be read", problem.StatusCode));
        }
    }
}
