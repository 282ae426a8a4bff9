using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>Checks texts before they go out, and writes lists of them.</summary>
internal static class EncodedTexts
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A text in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="field">What it is, for who wrote the program.</param>
    /// <param name="bytesMin">Least length.</param>
    /// <param name="bytesMax">Greatest length.</param>
    /// <exception cref="ArgumentException">It is too short or too long, or half of a surrogate pair is in it.</exception>
    public static byte[] Encode(string text, string field, int bytesMin, int bytesMax)
    {
        ArgumentNullException.ThrowIfNull(text, field);
        byte[] utf8;
        try
        {
            utf8 = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{field} has half of a surrogate pair", e);
        }

        return utf8.Length >= bytesMin && utf8.Length <= bytesMax
            ? utf8
            : throw new ArgumentException($"{field} has {utf8.Length} bytes of UTF-8; it must have {bytesMin} to {bytesMax}");
    }

    /// <summary>A list, entry after entry, as an <see cref="EncodedList{T}"/> has it.</summary>
    /// <exception cref="ArgumentException">There are too many, or one of them is wrong.</exception>
    public static byte[] EncodeList<T>(IReadOnlyList<T> entries, string field, int countMax, Func<T, string, byte[]> encode)
    {
        ArgumentNullException.ThrowIfNull(entries, field);
        if (entries.Count > countMax)
        {
            throw new ArgumentException($"{field} has {entries.Count} entries; it must have at most {countMax}");
        }

        using var list = new MemoryStream();
        for (int i = 0; i < entries.Count; i++)
        {
            list.Write(encode(entries[i], $"{field}[{i}]"));
        }

        return list.ToArray();
    }

    /// <summary>A list of texts, as an <see cref="EncodedList{T}"/> has it.</summary>
    /// <exception cref="ArgumentException">There are too many, or one of them is too long.</exception>
    public static byte[] EncodeList(IReadOnlyList<string> texts, string field, int countMax, int bytesMax) =>
        EncodeList(texts, field, countMax, (text, name) => EncodeValue(text, name, bytesMax));

    private static byte[] EncodeValue(string text, string field, int bytesMax)
    {
        byte[] utf8 = Encode(text, field, 0, bytesMax);
        byte[] value = new byte[MessagePackWriter.HeadBytesMax + utf8.Length];
        var writer = new MessagePackWriter(value);
        writer.WriteString(utf8);
        return value[..writer.WrittenBytes];
    }
}
