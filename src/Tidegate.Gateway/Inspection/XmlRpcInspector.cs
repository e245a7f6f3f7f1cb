using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Tidegate.Gateway.Inspection;

/// <summary><c>/xmlrpc/…</c>: the first parameter is the database.</summary>
/// <remarks>
/// Python's reader takes values wherever they stand, in whatever element. So only the one shape that clients send is let
/// through: <c>methodCall(methodName, params(param(value)…))</c>, no document type, no prefixes, UTF-8.
/// </remarks>
internal sealed class XmlRpcInspector : IBodyInspector
{
    public static readonly XmlRpcInspector Instance = new();

    private const string Malformed = "The body is not a plain XML-RPC call in UTF-8.";

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    // These mean something to Python's reader at any depth; deeper than their place they would change the call.
    private static readonly HashSet<string> Structure = new(StringComparer.Ordinal)
    {
        "methodCall",
        "methodName",
        "methodResponse",
        "params",
        "param",
        "fault",
    };

    public string? Refusal(ReadOnlyMemory<byte> body, string database)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(Utf8.GetString(body.Span)), Strict);
            var document = XDocument.Load(reader);
            return document.Declaration?.Encoding is { } encoding && !IsUtf8(encoding)
                ? Malformed
                : Refusal(document.Root!, database);
        }
        catch (XmlException)
        {
            return Malformed;
        }
        catch (DecoderFallbackException)
        {
            return Malformed;
        }
    }

    private static bool IsUtf8(string encoding) =>
        encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || encoding.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);

    private static string? Refusal(XElement call, string database)
    {
        XElement[] children = [.. call.Elements()];
        if (
            call.Name != "methodCall"
            || children is not [var method, ..]
            || method.Name != "methodName"
            || !IsText(method)
        )
        {
            return Malformed;
        }

        return children switch
        {
            [_] => null, // version: no parameters
            [_, var parameters] when parameters.Name == "params" && parameters.Elements().All(IsParameter) =>
                FirstRefusal(parameters.Elements().FirstOrDefault()?.Elements().Single(), database),
            _ => Malformed,
        };
    }

    private static bool IsParameter(XElement parameter) =>
        parameter.Name == "param"
        && parameter.Elements().Count() == 1
        && parameter.Elements().Single() is var value
        && value.Name == "value"
        && value.Descendants().All(each => each.Name.Namespace == XNamespace.None || each.Name.LocalName == "nil")
        && !value.Descendants().Any(each => Structure.Contains(each.Name.LocalName));

    private static string? FirstRefusal(XElement? value, string database)
    {
        if (value is null)
        {
            return null;
        }

        var text = value.HasElements && value.Elements().Count() == 1 ? value.Elements().Single() : value;
        return IsText(text) && (text == value || text.Name == "string") && text.Value == database
            ? null
            : "The first parameter must be the database that this host serves.";
    }

    private static bool IsText(XElement element) => !element.HasElements;
}
