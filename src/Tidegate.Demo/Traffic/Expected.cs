using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tidegate.Demo.Traffic;

/// <summary>
/// What a right answer looks like, for each kind of request. Null means right; otherwise one sentence for the record.
/// A status of 200 proves little with Odoo: errors of RPC calls, log-in pages and placeholder images all come with it.
/// </summary>
internal static class Expected
{
    /// <summary>A page of somebody who is logged in: not a redirect, not the log-in form, not the database selector.</summary>
    public static string? Page(Answer answer)
    {
        if (answer.IsRedirect)
        {
            return $"sent to {answer.Location} instead of the page";
        }

        return Content(answer, "text/html")
            ?? (IsLogInForm(answer) ? "the log-in page instead of the page" : null)
            ?? (Holds(answer, "database_list") ? "the database selector instead of the page" : null);
    }

    public static string? LogInForm(Answer answer) =>
        Content(answer, "text/html") ?? (IsLogInForm(answer) ? null : "a page without the log-in form");

    /// <summary>Odoo answers a good log-in with a redirect into the shop, a bad one with the form again.</summary>
    public static string? LoggedIn(Answer answer) =>
        answer.IsRedirect && answer.Location?.ToString().Contains("/login", StringComparison.Ordinal) != true
            ? null
            : $"log-in refused: {Status(answer)}";

    /// <summary>A style sheet or script with something in it, or a redirect to the current version of the bundle, which a browser follows.</summary>
    public static string? Asset(Answer answer, string path)
    {
        if (answer.IsRedirect)
        {
            return answer.Location?.ToString().Contains("/web/assets/", StringComparison.Ordinal) == true
                ? null
                : $"sent to {answer.Location} instead of the asset";
        }

        return Content(answer, path.EndsWith(".css", StringComparison.Ordinal) ? "css" : "javascript");
    }

    /// <summary>The very picture that was there before the traffic began; Odoo shows a placeholder for one whose file is gone.</summary>
    public static string? Image(Answer answer, string fingerprint) =>
        Content(answer, "image/") ?? (Fingerprint(answer) == fingerprint ? null : "another picture than before");

    /// <summary>A JSON-RPC result; Odoo sends errors of such calls with status 200.</summary>
    public static string? RpcResult(Answer answer)
    {
        if (Content(answer, "json") is { } wrong)
        {
            return wrong;
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (document.RootElement.TryGetProperty("error", out var error))
            {
                return $"JSON-RPC error {Shortened(error.GetRawText())}";
            }

            return document.RootElement.TryGetProperty("result", out _) ? null : "JSON without a result";
        }
        catch (JsonException exception)
        {
            return $"unreadable JSON: {exception.Message}";
        }
    }

    public static string Fingerprint(Answer answer) => Convert.ToHexStringLower(SHA256.HashData(answer.Body));

    private static string? Content(Answer answer, string mediaType)
    {
        if (answer.Status != HttpStatusCode.OK)
        {
            return Status(answer);
        }

        if (!answer.ContentType.Contains(mediaType, StringComparison.Ordinal))
        {
            return $"content of type \"{answer.ContentType}\" instead of {mediaType}";
        }

        return answer.Body.Length == 0 ? "an empty answer" : null;
    }

    private static string Status(Answer answer) => $"HTTP {(int)answer.Status} {Shortened(answer.Text)}".TrimEnd();

    private static bool IsLogInForm(Answer answer) => Holds(answer, "oe_login_form");

    private static bool Holds(Answer answer, string mark) => answer.Text.Contains(mark, StringComparison.Ordinal);

    private static string Shortened(string text)
    {
        const int longest = 300;
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= longest ? line : $"{line[..longest]}…";
    }
}
