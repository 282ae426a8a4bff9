using System.Text;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>A real text: the public documentation of this product, over and over, each line with its number.</summary>
internal static class TextFile
{
    public static byte[] Lines(int count)
    {
        string[] source = [.. Directory.GetFiles(AppContext.BaseDirectory, "RelayServer.*.xml").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)];
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            // Every tenth line is empty, as in texts that people write; some are not ASCII.
            text.Append(i % 10 == 9 ? string.Empty : $"{i}: {source[i % source.Length]}{(i % 7 == 0 ? " – ünïcödé 채팅 🛒" : string.Empty)}").Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
