using System.Net;
using System.Text.Json;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>An answer of the server.</summary>
internal sealed record AuthAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Message)
{
    /// <summary>The code of a refusal; empty for other answers.</summary>
    public string Error => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out JsonElement error) ? error.GetString()! : string.Empty;

    public string Access => Text("access_token");

    public string Refresh => Text("refresh_token");

    public string UserId => Text("user_id");

    public string[] Consents => [.. Body.GetProperty("consents").EnumerateArray().Select(item => item.GetString()!)];

    public string Text(string name) => Body.GetProperty(name).GetString()!;

    /// <summary>This answer, when it is a success.</summary>
    public AuthAnswer Good()
    {
        Assert.True((int)Status is >= 200 and < 300, $"{(int)Status} {Body}");
        return this;
    }

    /// <summary>This answer, when it is this refusal.</summary>
    public AuthAnswer Refused(int status, string error)
    {
        Assert.Equal((status, error), ((int)Status, Error));
        Assert.NotEqual(string.Empty, Text("message"));
        return this;
    }
}
