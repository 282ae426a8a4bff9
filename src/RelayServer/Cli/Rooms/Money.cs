using System.Globalization;

namespace RelayServer.Cli.Rooms;

/// <summary>Prices as people write them, and in the smallest unit of their currency.</summary>
internal static class Money
{
    private const int UsualDecimals = 2;

    // ISO 4217: currencies whose smallest unit is not a hundredth.
    private static readonly string[] Whole = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly string[] Thousandths = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>Reads an amount such as <c>12.90</c>; false when it is none, or has more decimals than the currency.</summary>
    public static bool TryParse(string amount, string currency, out ulong minor)
    {
        minor = 0;
        int point = amount.IndexOf('.', StringComparison.Ordinal);
        string decimals = point < 0 ? string.Empty : amount[(point + 1)..];
        int places = Decimals(currency);
        if ((point >= 0 && decimals.Length == 0) || decimals.Length > places)
        {
            return false;
        }

        string digits = (point < 0 ? amount : amount[..point]) + decimals.PadRight(places, '0');
        return amount.Length > 0 && point != 0 && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }

    /// <summary>Writes an amount with its currency: <c>12.90 EUR</c>.</summary>
    public static string Format(ulong minor, string currency)
    {
        int places = Decimals(currency);
        string digits = minor.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return places == 0 ? $"{digits} {currency}" : $"{digits[..^places]}.{digits[^places..]} {currency}";
    }

    private static int Decimals(string currency) =>
        Whole.Contains(currency) ? 0 : Thousandths.Contains(currency) ? UsualDecimals + 1 : UsualDecimals;
}
