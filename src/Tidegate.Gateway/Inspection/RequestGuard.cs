using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tidegate.Gateway.Inspection;

/// <summary>Keeps a request inside the tenant of its host: no other database by name, and no database manager at all.</summary>
/// <remarks>
/// The bridge inside Odoo refuses the same things again. This guard is why they never reach it: also not during the
/// other tenant's hold, which such a request would pass.
/// </remarks>
internal static class RequestGuard
{
    private const string NotServed = "This request names a database that this host does not serve.";

    public static readonly GuardVerdict.Refuse Foreign = new(StatusCodes.Status403Forbidden, NotServed);

    private static readonly GuardVerdict Manager = new GuardVerdict.Refuse(
        StatusCodes.Status403Forbidden,
        "The database manager is not available here."
    );

    private static readonly GuardVerdict Encoded = new GuardVerdict.Refuse(
        StatusCodes.Status415UnsupportedMediaType,
        "This call must be sent without a content encoding."
    );

    public static GuardVerdict TooLarge(int limit) =>
        new GuardVerdict.Refuse(
            StatusCodes.Status413PayloadTooLarge,
            $"The body of this call may have {limit} bytes, because it is looked through."
        );

    /// <summary>Looks at all but the headers, which <see cref="Forwarding.ClientHeaders"/> cleans.</summary>
    public static GuardVerdict Check(HttpRequest request, string database)
    {
        var path = RequestPath.Canonical(request.Path.Value ?? "/");
        if (RequestPath.IsUnder(path, "/web/database") || IsDatabaseService(path))
        {
            return Manager;
        }

        if (QueryNamesAnother(request.QueryString.Value, database))
        {
            return Foreign;
        }

        if (InspectorFor(path, request) is not { } inspector || !HasBody(request))
        {
            return GuardVerdict.Pass.Instance;
        }

        return request.Headers.ContentEncoding.Count > 0 ? Encoded : new GuardVerdict.ReadBody(inspector);
    }

    // /xmlrpc/db, /xmlrpc/2/db, and every service that we do not know.
    private static bool IsDatabaseService(string path) =>
        RequestPath.IsUnder(path, "/xmlrpc")
        && !path.EndsWith("/common", StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith("/object", StringComparison.OrdinalIgnoreCase);

    private static IBodyInspector? InspectorFor(string path, HttpRequest request)
    {
        if (RequestPath.IsUnder(path, "/jsonrpc"))
        {
            return JsonRpcInspector.Instance;
        }

        if (RequestPath.IsUnder(path, "/xmlrpc"))
        {
            return XmlRpcInspector.Instance;
        }

        if (RequestPath.IsUnder(path, "/web/session/authenticate"))
        {
            return JsonParamsInspector.Instance;
        }

        return TakesDatabaseFromForm(path) ? FormInspector.For(request) : null;
    }

    // The pages through which Odoo chooses a session's database from its parameters (ensure_db).
    private static bool TakesDatabaseFromForm(string path) =>
        path is "/web"
        || RequestPath.IsUnder(path, "/web/login")
        || RequestPath.IsUnder(path, "/odoo")
        || RequestPath.IsUnder(path, "/scoped_app");

    private static bool HasBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    private static bool QueryNamesAnother(string? query, string database) =>
        !string.IsNullOrEmpty(query) && DatabaseParameter.NamesAnother(query, database);
}
