using Microsoft.Extensions.Logging;

namespace RelayServer.Accounts;

/// <summary>What the authentication server says in the log. Event ids 7100 to 7199. No phone number, address, name, code or token in full.</summary>
internal static partial class AuthLog
{
    [LoggerMessage(7100, LogLevel.Information, "Listening on {Address} for sign-ins")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(7101, LogLevel.Warning, "DEVELOPMENT ONLY, set Auth:CodeWebhook to send codes: the code for {Phone} is {Code}")]
    public static partial void DevelopmentCode(ILogger logger, string phone, string code);

    [LoggerMessage(7102, LogLevel.Warning, "A code for {Phone} could not be sent: {Problem}")]
    public static partial void CodeNotSent(ILogger logger, string phone, string problem);

    [LoggerMessage(7103, LogLevel.Warning, "A refresh token of sign-in {Session} was used again; the sign-in is ended")]
    public static partial void RefreshReused(ILogger logger, string session);

    [LoggerMessage(7104, LogLevel.Information, "Signing key {Key} made; it signs from {From:u}")]
    public static partial void KeyMade(ILogger logger, string key, DateTimeOffset from);

    [LoggerMessage(7105, LogLevel.Warning, "The keys of provider {Provider} cannot be read: {Problem}")]
    public static partial void ProviderUnreachable(ILogger logger, string provider, string problem);

    [LoggerMessage(7106, LogLevel.Error, "A request to {Endpoint} has failed")]
    public static partial void RequestFailed(ILogger logger, string endpoint, Exception problem);

    [LoggerMessage(7107, LogLevel.Warning, "The database did not do what {Endpoint} needs: {Failure}, {Problem}")]
    public static partial void StorageFailed(ILogger logger, string endpoint, string failure, string problem);

    [LoggerMessage(7108, LogLevel.Warning, "Keys and expired rows could not be looked after: {Problem}")]
    public static partial void UpkeepFailed(ILogger logger, string problem);
}
