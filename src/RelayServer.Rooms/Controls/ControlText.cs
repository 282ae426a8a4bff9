using System.Text;

namespace RelayServer.Rooms;

/// <summary>Which texts many people are going to read, in terminals too, and how that is said.</summary>
internal static class ControlText
{
    /// <summary>True when a text will do.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytesMin">Least length in UTF-8 bytes.</param>
    /// <param name="bytesMax">Greatest length in UTF-8 bytes.</param>
    /// <param name="lines">True when it may have several lines.</param>
    public static bool Fits(string text, ulong bytesMin, ulong bytesMax, bool lines)
    {
        ulong bytes = (ulong)Encoding.UTF8.GetByteCount(text);
        if (bytes < bytesMin || bytes > bytesMax)
        {
            return false;
        }

        foreach (char letter in text)
        {
            if (char.IsControl(letter) && !(lines && letter is '\n' or '\t'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What <see cref="Fits"/> lets pass, in words.</summary>
    public static string Form(ulong bytesMin, ulong bytesMax, bool lines) =>
        $"a text of {bytesMin} to {bytesMax} bytes in UTF-8 without control characters{(lines ? " but line feeds and tabs" : "")}";
}
