using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Writes controls.</summary>
internal static class ControlWriter
{
    // The array, the verb and at most six arguments, none of them with more than a number or the head of a text.
    private const int FixedBytesMax = MessagePackWriter.HeadBytesMax + (7 * MessagePackWriter.IntegerBytesMax);

    public static byte[] Write(RoomControl control)
    {
        byte[] room = new byte[BytesMax(control)];
        var writer = new MessagePackWriter(room);
        switch (control.Verb)
        {
            case ControlVerb.Create:
                Begin(ref writer, control.Verb, 3);
                WriteString(ref writer, control.Title);
                WriteString(ref writer, control.Description);
                writer.WriteUInt64(control.StartsAtMilliseconds);
                break;
            case ControlVerb.Set:
                Begin(ref writer, control.Verb, 1);
                WriteSettings(ref writer, control.Settings);
                break;
            case ControlVerb.Split:
                Begin(ref writer, control.Verb, 2);
                writer.WriteUInt64((ulong)control.Split);
                writer.WriteUInt64(control.Groups);
                break;
            case ControlVerb.Notice:
                Begin(ref writer, control.Verb, 1);
                WriteString(ref writer, control.Text);
                break;
            case ControlVerb.Product:
                Begin(ref writer, control.Verb, RoomProduct.FieldCount);
                WriteProduct(ref writer, control.Product!);
                break;
            case ControlVerb.ProductRemoved:
                Begin(ref writer, control.Verb, 1);
                WriteString(ref writer, control.ProductId);
                break;
            case ControlVerb.Purchase:
                Begin(ref writer, control.Verb, 3);
                WriteString(ref writer, control.ProductId);
                writer.WriteUInt64(control.Quantity);
                WriteString(ref writer, control.Buyer);
                break;
            case ControlVerb.Subscribe:
                Begin(ref writer, control.Verb, 3);
                WriteString(ref writer, control.Topic);
                WriteStrings(ref writer, control.Subjects);
                writer.WriteUInt64(control.ExpiresAtMilliseconds);
                break;
            case ControlVerb.Unsubscribe:
                Begin(ref writer, control.Verb, 1);
                WriteString(ref writer, control.Topic);
                break;
            case ControlVerb.Invite:
                Begin(ref writer, control.Verb, 2);
                WriteString(ref writer, control.Service);
                writer.WriteUInt64(control.IsInvited ? 1UL : 0UL);
                break;
            case ControlVerb.Start or ControlVerb.End or ControlVerb.Merge:
                Begin(ref writer, control.Verb, 0);
                break;
            default:
                WriteAboutSomebody(ref writer, control);
                break;
        }

        return room[..writer.WrittenBytes];
    }

    public static byte[] WriteVerb(ControlVerb verb)
    {
        byte[] room = new byte[FixedBytesMax];
        var writer = new MessagePackWriter(room);
        Begin(ref writer, verb, 0);
        return room[..writer.WrittenBytes];
    }

    public static void WriteString(ref MessagePackWriter writer, string text) => writer.WriteString(Encoding.UTF8.GetBytes(text));

    public static void WriteStrings(ref MessagePackWriter writer, IReadOnlyList<string> texts)
    {
        writer.WriteArrayHeader(texts.Count);
        foreach (string text in texts)
        {
            WriteString(ref writer, text);
        }
    }

    public static int BytesMax(IReadOnlyList<string> texts) =>
        MessagePackWriter.HeadBytesMax + texts.Sum(text => MessagePackWriter.HeadBytesMax + Utf8Bytes(text));

    public static void WriteProduct(ref MessagePackWriter writer, RoomProduct product)
    {
        WriteString(ref writer, product.Id);
        WriteString(ref writer, product.Title);
        writer.WriteUInt64(product.PriceMinor);
        WriteString(ref writer, product.Currency);
        writer.WriteUInt64(product.Stock);
        WriteString(ref writer, product.Link);
    }

    public static int BytesMax(RoomProduct product) =>
        1 + (RoomProduct.FieldCount * MessagePackWriter.IntegerBytesMax) + Utf8Bytes(product.Id) + Utf8Bytes(product.Title)
        + Utf8Bytes(product.Currency) + Utf8Bytes(product.Link);

    private static void WriteAboutSomebody(ref MessagePackWriter writer, RoomControl control)
    {
        Begin(ref writer, control.Verb, control.Verb is ControlVerb.Appoint or ControlVerb.Kick ? 2 : 3);
        WriteString(ref writer, control.Verb == ControlVerb.BanAddress ? control.AddressRange : control.User);
        switch (control.Verb)
        {
            case ControlVerb.Appoint:
                writer.WriteUInt64((ulong)control.Role);
                break;
            case ControlVerb.Delete:
                writer.WriteUInt64(control.ProducerId);
                writer.WriteUInt64(control.Number);
                break;
            case ControlVerb.Kick:
                WriteString(ref writer, control.Text);
                break;
            default:
                writer.WriteUInt64(control.Seconds);
                WriteString(ref writer, control.Text);
                break;
        }
    }

    private static void WriteSettings(ref MessagePackWriter writer, IReadOnlyList<RoomSettingValue> settings)
    {
        writer.WriteArrayHeader(settings.Count);
        foreach (RoomSettingValue value in settings)
        {
            writer.WriteArrayHeader(2);
            writer.WriteUInt64((ulong)value.Setting);
            if (value.Text is { } text)
            {
                WriteString(ref writer, text);
            }
            else
            {
                writer.WriteUInt64(value.Number);
            }
        }
    }

    private static void Begin(ref MessagePackWriter writer, ControlVerb verb, int arguments)
    {
        writer.WriteArrayHeader(1 + arguments);
        writer.WriteUInt64((ulong)verb);
    }

    private static int BytesMax(RoomControl control) =>
        FixedBytesMax + Utf8Bytes(control.Title) + Utf8Bytes(control.Description) + Utf8Bytes(control.User) + Utf8Bytes(control.Text)
        + Utf8Bytes(control.AddressRange) + Utf8Bytes(control.ProductId) + Utf8Bytes(control.Buyer)
        + Utf8Bytes(control.Topic) + Utf8Bytes(control.Service) + BytesMax(control.Subjects)
        + (control.Product is { } product ? BytesMax(product) : 0)
        + control.Settings.Sum(value => 1 + (2 * MessagePackWriter.IntegerBytesMax) + Utf8Bytes(value.Text ?? ""));

    public static int Utf8Bytes(string text) => Encoding.UTF8.GetByteCount(text);
}
