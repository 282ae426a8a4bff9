using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RelayServer.Edge;
using RelayServer.Protocol;
using RelayServer.RoomViews;

namespace RelayServer.Http.Admin;

/// <summary>An answer as it goes out.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON.</param>
internal sealed record AdminReply(int Status, byte[] Body)
{
    private const uint MillisecondsPerSecond = 1000;

    /// <summary>Value of <c>Retry-After</c>, in seconds; 0 for none.</summary>
    public uint RetryAfterSeconds { get; private init; }

    /// <summary>Value of <c>Allow</c>; null for none.</summary>
    public string? Allow { get; private init; }

    /// <summary>Value of <c>WWW-Authenticate</c>; null for none.</summary>
    public string? Challenge { get; private init; }

    /// <summary>The body was not read to its end: nothing can follow it on the connection.</summary>
    public bool EndsConnection => Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge;

    /// <summary>Something was done or is told.</summary>
    public static AdminReply Ok(byte[] body) => new(StatusCodes.Status200OK, body);

    /// <summary>The address has other methods.</summary>
    public static AdminReply WrongMethod(string allowed) =>
        Refused(new AdminAnswer(ErrorCode.BadArgument, $"this address takes {allowed}"), StatusCodes.Status405MethodNotAllowed) with { Allow = allowed };

    /// <summary>The request does not say who sends it, or not so that it is believed.</summary>
    public static AdminReply Unauthorized(ErrorCode code, string text, bool hasToken) =>
        Refused(new AdminAnswer(code, text)) with { Challenge = hasToken ? "Bearer error=\"invalid_token\"" : "Bearer" };

    /// <summary>A refusal: its code, name and text, and when it may be otherwise.</summary>
    public static AdminReply Refused(AdminAnswer refusal, int? status = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, RoomJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("code", (int)refusal.Code);
            json.WriteString("name", refusal.Code.ToString());
            json.WriteString("text", refusal.Text);
            if (refusal.Code.Family() == ErrorFamily.Retry)
            {
                json.WriteNumber("retry_after_ms", refusal.RetryAfterMilliseconds);
            }

            json.WriteEndObject();
        }

        return new AdminReply(status ?? StatusOf(refusal.Code), buffer.ToArray())
        {
            RetryAfterSeconds = refusal.Code.Family() == ErrorFamily.Retry
                ? Math.Max(1, (uint)(((ulong)refusal.RetryAfterMilliseconds + MillisecondsPerSecond - 1) / MillisecondsPerSecond))
                : 0,
        };
    }

    /// <summary>What a code of the protocol is in HTTP.</summary>
    public static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.RateLimited or ErrorCode.SlowMode or ErrorCode.PublishWindowExceeded => StatusCodes.Status429TooManyRequests,
        ErrorCode.Forbidden or ErrorCode.Banned or ErrorCode.Muted or ErrorCode.Kicked => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.Conflict or ErrorCode.NotOpen or ErrorCode.NumberExpired => StatusCodes.Status409Conflict,
        ErrorCode.PayloadTooLarge or ErrorCode.FrameTooLarge => StatusCodes.Status413PayloadTooLarge,
        _ => code.Family() switch
        {
            ErrorFamily.Retry => StatusCodes.Status503ServiceUnavailable,
            ErrorFamily.SignInAgain => StatusCodes.Status401Unauthorized,
            _ => StatusCodes.Status400BadRequest,
        },
    };
}
