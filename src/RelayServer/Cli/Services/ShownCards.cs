using RelayServer.Client.Services;

namespace RelayServer.Cli.Services;

/// <summary>The cards of this window by their numbers, so that a command can name one. Bounded: forgets the oldest.</summary>
internal sealed class ShownCards
{
    internal const int CardsMax = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, ShownCard> _byNumber = [];
    private readonly Dictionary<(string Service, string Item), int> _numberOf = [];
    private readonly Dictionary<string, int> _lastOf = [];
    private int _last;

    /// <summary>The highest number so far; 0 for none.</summary>
    public int Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Takes a card that is shown: an item that was shown before keeps its number.</summary>
    public ShownCard Note(string service, ServiceCard card)
    {
        lock (_gate)
        {
            if (!_numberOf.TryGetValue((service, card.Item), out int number))
            {
                number = ++_last;
                _numberOf[(service, card.Item)] = number;
                Forget(number - CardsMax);
            }

            _lastOf[service] = number;
            return _byNumber[number] = new ShownCard(number, service, card);
        }
    }

    /// <summary>Takes a card of which only what has changed is shown. It does not become the last one: what is typed without a number is not about it all at once.</summary>
    public ShownCard Renew(ShownCard before, ServiceCard card)
    {
        lock (_gate)
        {
            ShownCard renewed = before with { Card = card };
            if (_byNumber.ContainsKey(before.Number))
            {
                _byNumber[before.Number] = renewed;
            }

            return renewed;
        }
    }

    /// <summary>The card of a number; null when there is none, or no more.</summary>
    public ShownCard? Find(int number)
    {
        lock (_gate)
        {
            return _byNumber.GetValueOrDefault(number);
        }
    }

    /// <summary>The card of an item; null when it was not shown.</summary>
    public ShownCard? Find(string service, string item)
    {
        lock (_gate)
        {
            return _numberOf.TryGetValue((service, item), out int number) ? _byNumber.GetValueOrDefault(number) : null;
        }
    }

    /// <summary>The card of a service that was shown last; null when none was.</summary>
    public ShownCard? LastOf(string service)
    {
        lock (_gate)
        {
            return _lastOf.TryGetValue(service, out int number) ? _byNumber.GetValueOrDefault(number) : null;
        }
    }

    private void Forget(int number)
    {
        if (_byNumber.Remove(number, out ShownCard? oldest))
        {
            _numberOf.Remove((oldest.Service, oldest.Card.Item));
            if (_lastOf.GetValueOrDefault(oldest.Service) == number)
            {
                _lastOf.Remove(oldest.Service);
            }
        }
    }
}
