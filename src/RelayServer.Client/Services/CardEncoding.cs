using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client.Services;

/// <summary>A card as it goes over the wire: checked, and its parts in UTF-8.</summary>
internal sealed class CardEncoding
{
    private readonly byte[] _item;
    private readonly byte[] _title;
    private readonly byte[] _text;
    private readonly byte[] _link;
    private readonly byte[] _image;
    private readonly byte[] _fields;
    private readonly byte[] _actions;
    private readonly int _fieldCount;
    private readonly int _actionCount;

    /// <summary>Checks a card.</summary>
    /// <exception cref="ArgumentException">A part of it is wrong; the message names the part and its limit.</exception>
    public CardEncoding(ServiceCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        _item = EncodedTexts.Encode(card.Item, "card.Item", 1, ProtocolLimits.ItemBytesMax);
        _title = EncodedTexts.Encode(card.Title, "card.Title", 1, ProtocolLimits.TitleBytesMax);
        _text = EncodedTexts.Encode(card.Text, "card.Text", 0, ProtocolLimits.ResultTextBytesMax);
        _link = EncodedTexts.Encode(card.Link, "card.Link", 0, ProtocolLimits.LinkBytesMax);
        _image = EncodedTexts.Encode(card.Image, "card.Image", 0, ProtocolLimits.LinkBytesMax);
        _fields = EncodedTexts.EncodeList(card.Fields, "card.Fields", ProtocolLimits.CardFieldsMax, Encode);
        _actions = EncodedTexts.EncodeList(card.Actions, "card.Actions", ProtocolLimits.CardActionsMax, Encode);
        _fieldCount = card.Fields.Count;
        _actionCount = card.Actions.Count;
        if (Body.EncodedBytesMax > ProtocolLimits.UpdateBytesMax)
        {
            throw new ArgumentException($"the card has {Body.EncodedBytesMax} bytes in all; it must have at most {ProtocolLimits.UpdateBytesMax}");
        }

        if (CardCheck.FindProblem(Body) is { } problem)
        {
            throw new ArgumentException(problem);
        }
    }

    /// <summary>What bodies and payloads take.</summary>
    public CardBody Body => new()
    {
        Item = _item,
        Title = _title,
        Text = _text,
        Link = _link,
        Image = _image,
        Fields = new EncodedList<CardFieldEntry>(_fields, _fieldCount),
        Actions = new EncodedList<CardActionEntry>(_actions, _actionCount),
    };

    /// <summary>Reads a card that has been received.</summary>
    public static ServiceCard Read(in CardBody body)
    {
        var fields = new List<CardField>(body.Fields.Count);
        foreach (CardFieldEntry field in body.Fields)
        {
            fields.Add(new CardField(Encoding.UTF8.GetString(field.Name), Encoding.UTF8.GetString(field.Value)));
        }

        var actions = new List<CardAction>(body.Actions.Count);
        foreach (CardActionEntry action in body.Actions)
        {
            actions.Add(new CardAction
            {
                Label = Encoding.UTF8.GetString(action.Label),
                Verb = Encoding.UTF8.GetString(action.Verb),
                Arguments = ReadTexts(action.Arguments),
            });
        }

        return new ServiceCard
        {
            Item = Encoding.UTF8.GetString(body.Item),
            Title = Encoding.UTF8.GetString(body.Title),
            Text = Encoding.UTF8.GetString(body.Text),
            Link = Encoding.UTF8.GetString(body.Link),
            Image = Encoding.UTF8.GetString(body.Image),
            Fields = fields,
            Actions = actions,
        };
    }

    /// <summary>Reads arguments that have been received.</summary>
    public static List<string> ReadTexts(EncodedList<CommandArgument> arguments)
    {
        var texts = new List<string>(arguments.Count);
        foreach (CommandArgument argument in arguments)
        {
            texts.Add(Encoding.UTF8.GetString(argument.Value));
        }

        return texts;
    }

    private static byte[] Encode(CardField field, string name)
    {
        var entry = new CardFieldEntry
        {
            Name = EncodedTexts.Encode(field.Name, name + ".Name", 1, ProtocolLimits.CardFieldNameBytesMax),
            Value = EncodedTexts.Encode(field.Value, name + ".Value", 0, ProtocolLimits.CardFieldValueBytesMax),
        };
        return entry.ToBytes();
    }

    private static byte[] Encode(CardAction action, string name)
    {
        byte[] arguments = EncodedTexts.EncodeList(
            action.Arguments, name + ".Arguments", ProtocolLimits.ArgumentsMax, ProtocolLimits.ArgumentBytesMax);
        var entry = new CardActionEntry
        {
            Label = EncodedTexts.Encode(action.Label, name + ".Label", 1, ProtocolLimits.CardFieldNameBytesMax),
            Verb = EncodedTexts.Encode(action.Verb, name + ".Verb", 1, ProtocolLimits.ServiceWordBytesMax),
            Arguments = new EncodedList<CommandArgument>(arguments, action.Arguments.Count),
        };
        return entry.ToBytes();
    }
}
