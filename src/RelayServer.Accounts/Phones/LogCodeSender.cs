using Microsoft.Extensions.Logging;

namespace RelayServer.Accounts.Phones;

/// <summary>Shows codes to the operator, who sends them by hand: for development, and for a first look.</summary>
internal sealed class LogCodeSender(ILogger logger) : ICodeSender
{
    public Task<bool> SendAsync(string phone, string code, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        AuthLog.DevelopmentCode(logger, PhoneNumber.Mask(phone), code);
        return Task.FromResult(true);
    }
}
