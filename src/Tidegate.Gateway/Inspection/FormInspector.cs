using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Tidegate.Gateway.Inspection;

/// <summary>A form on a page that takes the database from it: field <c>db</c>.</summary>
internal sealed class FormInspector : IBodyInspector
{
    private static readonly FormInspector Instance = new();

    /// <summary>Null when Odoo would not read this body as a form.</summary>
    public static IBodyInspector? For(HttpRequest request)
    {
        var type = request.ContentType.AsSpan().TrimStart();
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return Multipart.Instance;
        }

        return
            type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/x-url-encoded", StringComparison.OrdinalIgnoreCase)
            ? Instance
            : null;
    }

    public string? Refusal(ReadOnlyMemory<byte> body, string database) =>
        DatabaseParameter.NamesAnother(Encoding.UTF8.GetString(body.Span), database)
            ? "The form names a database that this host does not serve."
            : null;

    // Parsers of multipart bodies differ in what they forgive, and no log-in form of Odoo is one.
    private sealed class Multipart : IBodyInspector
    {
        public static readonly Multipart Instance = new();

        public string? Refusal(ReadOnlyMemory<byte> body, string database) => "Send this form URL-encoded.";
    }
}

/// <summary>The parameter <c>db</c> of a query or a URL-encoded form.</summary>
internal static class DatabaseParameter
{
    /// <summary>True when a <c>db</c> is there that is neither empty nor <paramref name="database"/>.</summary>
    public static bool NamesAnother(string pairs, string database) =>
        Names(pairs, database)
        // Some servers take ';' for '&'. Reading it as both refuses more, never less.
        || (pairs.Contains(';', StringComparison.Ordinal) && Names(pairs.Replace(';', '&'), database));

    private static bool Names(string pairs, string database)
    {
        foreach (var pair in new QueryStringEnumerable(pairs))
        {
            if (
                pair.DecodeName().Span is "db"
                && pair.DecodeValue().Span is { Length: > 0 } value
                && !value.SequenceEqual(database)
            )
            {
                return true;
            }
        }

        return false;
    }
}
