using Microsoft.AspNetCore.Http;

namespace Tidegate.ControlPlane.Access;

/// <summary>Who asks, as the ledger names them.</summary>
public static class Actor
{
    /// <summary><c>person/anna</c>, <c>service/ci</c>, <c>os/&lt;uid&gt;</c>, or <c>local</c> where the connection shows nothing (tests in process).</summary>
    public static string Of(HttpContext context) => Identity.Of(context).ToString();
}
