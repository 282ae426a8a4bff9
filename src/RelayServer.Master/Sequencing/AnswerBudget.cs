namespace RelayServer.Master.Sequencing;

/// <summary>What is answered at once to questions and commands. Who asks much is refused for now, so that messages do not wait.</summary>
internal sealed class AnswerBudget
{
    /// <summary>Answers that one flush takes, in bytes: the half of it.</summary>
    public const int BytesMax = 64 * 1024;

    private int _bytes;

    /// <summary>False when there is no room for an answer of so many bytes before the next flush.</summary>
    public bool TrySpend(int bytes)
    {
        if (_bytes + bytes > BytesMax)
        {
            return false;
        }

        _bytes += bytes;
        return true;
    }

    /// <summary>What was answered is on its way.</summary>
    public void Flushed() => _bytes = 0;
}
