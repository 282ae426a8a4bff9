using System.Text.Json.Serialization;

namespace RelayServer.Accounts.Http;

/// <summary>What every refusal looks like.</summary>
internal sealed record ErrorAnswer(
    string Error, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfterSeconds);
