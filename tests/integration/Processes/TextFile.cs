using System.Text;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Processes;

/// <summary>
/// A real text: the files of this repository that people write and read, one after the other, over and over. Those with letters of many
/// scripts come first: not all of them are read.
/// </summary>
internal static class TextFile
{
    private static readonly string[] Folders = ["protocol", "tests", "src"];
    private static readonly string[] Endings = [".cs", ".md", ".json"];
    private static readonly string[] Generated = ["bin", "obj", "node_modules"];

    public static byte[] Lines(int count)
    {
        string[] source = [.. Folders.SelectMany(folder => Files(new DirectoryInfo(ProtocolFolder.PathOf(folder)))).SelectMany(LinesOf)];
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(source[i % source.Length]).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static IEnumerable<string> Files(DirectoryInfo folder) =>
    [
        .. folder.GetFiles().Where(file => Endings.Contains(file.Extension)).Select(file => file.FullName).Order(StringComparer.Ordinal),
        .. folder.GetDirectories().Where(inner => !Generated.Contains(inner.Name)).OrderBy(inner => inner.Name, StringComparer.Ordinal).SelectMany(Files),
    ];

    private static IEnumerable<string> LinesOf(string path) =>
        File.ReadAllText(path).TrimEnd('\n').Split('\n').Where(line => Encoding.UTF8.GetByteCount(line) <= ProtocolLimits.PayloadBytesMax);
}
