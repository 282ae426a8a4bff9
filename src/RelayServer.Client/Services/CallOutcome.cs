using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>What a service has made of a command, ready to be told as often as it is asked.</summary>
internal sealed class CallOutcome
{
    private readonly ReturnStatus _status;
    private readonly byte[] _text;
    private readonly CardEncoding? _card;

    private CallOutcome(ReturnStatus status, byte[] text, CardEncoding? card) => (_status, _text, _card) = (status, text, card);

    /// <summary>The handler threw, or its result is not one: what it was says the service's own log.</summary>
    public static CallOutcome Failed { get; } = new(ReturnStatus.Failed, [], null);

    /// <summary>What a handler has answered.</summary>
    /// <exception cref="ArgumentException">A part of it is wrong; the message names the part and its limit.</exception>
    public static CallOutcome Of(ServiceResult? result)
    {
        if (result is null)
        {
            throw new ArgumentException("the handler answered null");
        }

        return new CallOutcome(
            result.IsRefused ? ReturnStatus.Refused : ReturnStatus.Done,
            EncodedTexts.Encode(result.Text, "result.Text", 0, ProtocolLimits.ResultTextBytesMax),
            result.Card is { } card ? new CardEncoding(card) : null);
    }

    /// <summary>The body of a RETURN.</summary>
    public byte[] Encode(ulong ticket)
    {
        var body = new ReturnBody { Ticket = ticket, Status = _status, Text = _text };
        if (_card is not null)
        {
            body.HasCard = true;
            body.Card = _card.Body;
        }

        return body.ToBytes();
    }
}
