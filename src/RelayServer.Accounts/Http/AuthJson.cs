using System.Text.Json;
using System.Text.Json.Serialization;
using RelayServer.Accounts.Accounts;
using RelayServer.Accounts.Phones;
using RelayServer.Accounts.Sessions;

namespace RelayServer.Accounts.Http;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SignInAnswer))]
[JsonSerializable(typeof(ServiceTokenAnswer))]
[JsonSerializable(typeof(CodeAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(AccountAnswer))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(ConsentsAnswer))]
internal sealed partial class AuthJson : JsonSerializerContext
{
    public static AuthReply Reply(SignInAnswer answer) => new(200, JsonSerializer.SerializeToUtf8Bytes(answer, Default.SignInAnswer));

    public static AuthReply Reply(ServiceTokenAnswer answer) => new(200, JsonSerializer.SerializeToUtf8Bytes(answer, Default.ServiceTokenAnswer));

    public static AuthReply Reply(CodeAnswer answer) => new(202, JsonSerializer.SerializeToUtf8Bytes(answer, Default.CodeAnswer));

    public static AuthReply Reply(ServerAnswer answer) => new(200, JsonSerializer.SerializeToUtf8Bytes(answer, Default.ServerAnswer));

    public static AuthReply Reply(AuthProblem problem) => new(problem.Status, JsonSerializer.SerializeToUtf8Bytes(
        new ErrorAnswer(problem.Code, problem.Message, problem.RetryAfterSeconds == 0 ? null : problem.RetryAfterSeconds), Default.ErrorAnswer));

    public static AuthReply Reply(AccountView account) => new(200, JsonSerializer.SerializeToUtf8Bytes(
        new AccountAnswer(
            account.UserId,
            account.Handle,
            [.. account.Identities.Select(row => new IdentityAnswer(row.IdentityId, row.Kind, row.Label, row.LinkedAt / 1000))],
            account.Consents,
            account.Sessions),
        Default.AccountAnswer));

    public static AuthReply ReplyConsents(AccountView account) =>
        new(200, JsonSerializer.SerializeToUtf8Bytes(new ConsentsAnswer(account.Consents), Default.ConsentsAnswer));
}
