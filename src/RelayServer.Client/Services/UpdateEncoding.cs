using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>Writes updates; what the relay would refuse for its form is found here.</summary>
internal static class UpdateEncoding
{
    /// <summary>The payload of an update.</summary>
    /// <exception cref="ArgumentException">A part of it is wrong; the message names the part and its limit.</exception>
    public static byte[] Encode(string service, string target, ServiceCard card, IReadOnlyList<string> subjects)
    {
        byte[] targetUtf8 = EncodedTexts.Encode(target, nameof(target), 1, ProtocolLimits.InboxNameBytesMax);
        if (ChannelName.KindOf(targetUtf8) is not { } kind)
        {
            throw new ArgumentException($"'{target}' is no target: topic:SERVICE.TOPIC, a room, or inbox:SUBJECT", nameof(target));
        }

        string topic = kind == ChannelKind.Topic ? target[ChannelName.TopicPrefix.Length..] : string.Empty;
        if (kind == ChannelKind.Topic && TopicName.ServiceOf(topic) != service)
        {
            throw new ArgumentException($"'{target}' is not a topic of {service}", nameof(target));
        }

        byte[] encodedSubjects = EncodedTexts.EncodeList(subjects, nameof(subjects), ProtocolLimits.SubjectsMax, ProtocolLimits.SubjectBytesMax);
        foreach (string subject in subjects)
        {
            if (UserId.FindProblem(subject, ProtocolLimits.SubjectBytesMax) is { } problem)
            {
                throw new ArgumentException($"the subject '{subject}' {problem}", nameof(subjects));
            }
        }

        var encoded = new CardEncoding(card);
        var payload = new UpdatePayload
        {
            Service = Encoding.UTF8.GetBytes(service),
            Topic = Encoding.UTF8.GetBytes(topic),
            Subjects = new EncodedList<SubjectName>(encodedSubjects, subjects.Count),
            Card = encoded.Body,
        };
        byte[] bytes = payload.ToBytes();
        return bytes.Length <= ProtocolLimits.UpdateBytesMax
            ? bytes
            : throw new ArgumentException($"the card and subjects have {bytes.Length} bytes in all; they must have at most {ProtocolLimits.UpdateBytesMax}", nameof(card));
    }
}
