using System.Xml;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Opens the XML of a stranger: without a document type, without anything fetched, and within bounds.</summary>
internal static class FeedDocument
{
    /// <summary>Reads a document once from end to end, so that what reads it afterwards meets nothing unbounded.</summary>
    /// <exception cref="FeedException">It is not XML, or more than is taken.</exception>
    public static void Check(byte[] document)
    {
        int elements = 0;
        using XmlReader reader = Open(document);
        try
        {
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                elements++;
                if (reader.Depth >= FeedLimits.DepthMax)
                {
                    throw new FeedException($"its elements are nested deeper than {FeedLimits.DepthMax}");
                }

                if (elements > FeedLimits.ElementsMax)
                {
                    throw new FeedException($"it has more than {FeedLimits.ElementsMax} elements");
                }

                if (reader.AttributeCount > FeedLimits.AttributesMax)
                {
                    throw new FeedException($"an element has more than {FeedLimits.AttributesMax} attributes");
                }
            }
        }
        catch (XmlException problem)
        {
            throw Describe(problem);
        }
    }

    /// <summary>A reader of a document that is at hand as a whole.</summary>
    public static XmlReader Open(byte[] document) => XmlReader.Create(
        new MemoryStream(document, writable: false),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = document.Length + 1L,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        });

    /// <summary>What is wrong, without the words of the document, which the parser's own message may quote.</summary>
    public static FeedException Describe(XmlException problem)
    {
        bool isType = problem.Message.Contains("DTD", StringComparison.Ordinal);
        return new FeedException(
            isType
                ? "it has a document type (DTD), which is not taken"
                : $"it is not well-formed XML (line {problem.LineNumber}, column {problem.LinePosition})",
            problem);
    }
}
