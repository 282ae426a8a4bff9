using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RelayServer.Hosting;

/// <summary>
/// The name of an edge that was given none. A room that is split by edges is split by their names: so it differs between edges, and
/// stays the same when one is started again.
/// </summary>
internal static class EdgeName
{
    private const int MachineCharactersMax = 48;
    private const string MachineUnknown = "edge";

    /// <summary>Machine and port; where any free port is taken, a random part instead.</summary>
    public static string Of(string machine, int port)
    {
        var name = new StringBuilder(MachineCharactersMax);
        foreach (char letter in machine)
        {
            if (name.Length < MachineCharactersMax && (char.IsAsciiLetterOrDigit(letter) || (name.Length > 0 && letter is '.' or '_' or '-')))
            {
                name.Append(letter);
            }
        }

        string suffix = port == 0 ? RandomNumberGenerator.GetHexString(6, lowercase: true) : port.ToString(CultureInfo.InvariantCulture);
        return $"{(name.Length == 0 ? MachineUnknown : name)}-{suffix}";
    }
}
