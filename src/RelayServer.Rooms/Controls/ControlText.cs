using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Checks of texts that many people are going to read, in terminals too.</summary>
internal static class ControlText
{
    /// <summary>Why a text will not do; null when it does.</summary>
    /// <param name="name">What it is, for the reason.</param>
    /// <param name="text">The text.</param>
    /// <param name="bytesMin">Least length in UTF-8 bytes.</param>
    /// <param name="bytesMax">Greatest length in UTF-8 bytes.</param>
    /// <param name="lines">True when it may have several lines.</param>
    public static ControlRefusal? Check(string name, string text, int bytesMin, int bytesMax, bool lines = false)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes < bytesMin || bytes > bytesMax)
        {
            return new ControlRefusal(ErrorCode.BadArgument, $"{name} has {bytesMin} to {bytesMax} bytes");
        }

        foreach (char letter in text)
        {
            if (char.IsControl(letter) && !(lines && letter is '\n' or '\t'))
            {
                return new ControlRefusal(ErrorCode.BadArgument, $"{name} has a control character");
            }
        }

        return null;
    }
}
