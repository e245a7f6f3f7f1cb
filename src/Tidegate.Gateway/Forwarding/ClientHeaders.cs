using Microsoft.AspNetCore.Http;

namespace Tidegate.Gateway.Forwarding;

/// <summary>Headers that only the gateway may set. A client's own are removed, in every spelling that WSGI takes for the same.</summary>
internal static class ClientHeaders
{
    private const string OdooDatabase = "x-odoo-database";

    /// <summary>WSGI gives <c>X_Odoo_Database</c> and <c>X-Odoo-Database</c> the same key, so both are one name here.</summary>
    private static readonly string[] Reserved = ["forwarded", "x-real-ip", OdooDatabase];

    private static readonly string[] ReservedPrefixes = ["x-tidegate-", "x-forwarded-"];

    /// <summary>Removes them. False: one names another database than <paramref name="database"/>, and the request is to be refused.</summary>
    public static bool TryClean(IHeaderDictionary headers, string database)
    {
        List<string>? unwanted = null;
        foreach (var (name, values) in headers)
        {
            // Nearly every header is known by its first letter to be none of these.
            if (name.Length == 0 || (name[0] | 0x20) is not ('x' or 'f') || !IsReserved(name))
            {
                continue;
            }

            if (IsSpelling(name, OdooDatabase) && values.Any(value => value != database))
            {
                return false;
            }

            (unwanted ??= []).Add(name);
        }

        unwanted?.ForEach(name => headers.Remove(name));
        return true;
    }

    private static bool IsSpelling(ReadOnlySpan<char> name, ReadOnlySpan<char> wanted) =>
        name.Length == wanted.Length && StartsWith(name, wanted);

    private static bool IsReserved(string name) =>
        Array.Exists(Reserved, each => IsSpelling(name, each))
        || Array.Exists(ReservedPrefixes, prefix => StartsWith(name, prefix));

    private static bool StartsWith(ReadOnlySpan<char> name, ReadOnlySpan<char> prefix)
    {
        if (name.Length < prefix.Length)
        {
            return false;
        }

        for (var at = 0; at < prefix.Length; at++)
        {
            var letter = name[at] == '_' ? '-' : char.ToLowerInvariant(name[at]);
            if (letter != prefix[at])
            {
                return false;
            }
        }

        return true;
    }
}
