namespace Tidegate.Gateway.Metering;

/// <summary>What a JSON-RPC error that came with HTTP 200 says.</summary>
internal enum RpcErrorClass
{
    /// <summary>Odoo refused what the user asked: <c>odoo.exceptions.*</c>.</summary>
    User,

    /// <summary>Code 100: the session is over.</summary>
    Session,

    /// <summary>Code 404.</summary>
    NotFound,

    /// <summary>Anything else: the server's own fault.</summary>
    Server,
}
