using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RelayServer.Cli.Accounts;

/// <summary>What commands about accounts print.</summary>
internal static class AccountText
{
    /// <summary>Prints a result, for programs or for people.</summary>
    public static void Write(ParseResult parsed, bool isJson, object result, string text) =>
        parsed.InvocationConfiguration.Output.WriteLine(isJson ? JsonSerializer.Serialize(result) : text);

    /// <summary>An account in words.</summary>
    public static string Describe(JsonElement account, Uri auth)
    {
        var text = new StringBuilder();
        text.Append("You are ").Append(account.GetProperty("user_id").GetString());
        if (account.GetProperty("handle").GetString() is { } handle)
        {
            text.Append(" (").Append(handle).Append(')');
        }

        text.Append(" at ").Append(auth).AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"Sign-ins that stand: {account.GetProperty("sessions").GetInt64()}").AppendLine();
        text.AppendLine("You can sign in by:");
        foreach (JsonElement identity in account.GetProperty("identities").EnumerateArray())
        {
            text.Append("  ").Append(identity.GetProperty("kind").GetString()!.PadRight(9)).Append(identity.GetProperty("label").GetString()!.PadRight(24))
                .Append(' ').AppendLine(identity.GetProperty("id").GetString());
        }

        string[] consents = [.. account.GetProperty("consents").EnumerateArray().Select(item => item.GetString()!)];
        return text.Append("Services that you allowed: ").Append(consents.Length == 0 ? "none" : string.Join(", ", consents)).ToString();
    }
}
