using System.Net;
using System.Text.RegularExpressions;

namespace Tidegate.Demo.Traffic;

/// <summary>A person at a browser: logs in by the form once, keeps the cookie, looks at pages with their assets and pictures.</summary>
internal sealed partial class Browser(ShopClient client) : IDisposable
{
    private IReadOnlyList<string> _assets = [];

    /// <summary>Style sheets and scripts of the page last seen.</summary>
    public IReadOnlyList<string> Assets => _assets;

    /// <summary>True when the shop let us in.</summary>
    public async Task<bool> LogInAsync(string login, string password, CancellationToken cancellationToken)
    {
        var form = await GetAsync(RequestKind.LogIn, "/web/login", Expected.LogInForm, cancellationToken);
        if (form is null)
        {
            return false;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/web/login");
        request.Content = new FormUrlEncodedContent([
            new("csrf_token", WebUtility.HtmlDecode(CsrfToken().Match(form.Text).Groups["token"].Value)),
            new("login", login),
            new("password", password),
        ]);
        return await client.SendAsync(RequestKind.LogIn, request, Expected.LoggedIn, cancellationToken) is not null;
    }

    /// <summary>A page that only somebody logged in gets.</summary>
    public async Task LookAtPageAsync(CancellationToken cancellationToken)
    {
        if (await GetAsync(RequestKind.Page, "/odoo", Expected.Page, cancellationToken) is { } page)
        {
            _assets =
            [
                .. AssetUrl()
                    .Matches(page.Text)
                    .Select(match => WebUtility.HtmlDecode(match.Value))
                    .Distinct(StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>An asset of a page; a redirect to the bundle's current version is followed as a browser does, once.</summary>
    public async Task LoadAssetAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await GetAsync(RequestKind.Asset, path, found => Expected.Asset(found, path), cancellationToken);
        if (answer is { IsRedirect: true, Location: { } current })
        {
            var target = current.IsAbsoluteUri ? current.PathAndQuery : current.OriginalString;
            await GetAsync(RequestKind.Asset, target, found => Expected.Asset(found, path), cancellationToken);
        }
    }

    public Task<Answer?> LoadImageAsync(
        string path,
        Func<Answer, string?> whatIsWrong,
        CancellationToken cancellationToken
    ) => GetAsync(RequestKind.Image, path, whatIsWrong, cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<Answer?> GetAsync(
        RequestKind kind,
        string path,
        Func<Answer, string?> whatIsWrong,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await client.SendAsync(kind, request, whatIsWrong, cancellationToken);
    }

    [GeneratedRegex("name=\"csrf_token\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex CsrfToken();

    [GeneratedRegex("/web/assets/[^\"' >]+\\.(?:css|js)", RegexOptions.None, 1000)]
    private static partial Regex AssetUrl();
}
