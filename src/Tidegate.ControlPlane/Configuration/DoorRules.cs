using System.Net;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>Options that keep strangers out, and that Tidegate itself sets. Pure.</summary>
internal static class DoorRules
{
    private static readonly string[] Modules = ["base", "web", "tidegate_bridge"];

    public static IEnumerable<GateReason> Judge(PoolSettings pool)
    {
        if (pool.Find("proxy_mode") is not "True")
        {
            yield return Open(
                "proxy-mode-off",
                "has proxy_mode off: behind the gateway links would lead to http, and every visitor would have the gateway's address."
            );
        }

        if (pool.Find("list_db") is not "False")
        {
            yield return Open("database-list-open", "has list_db on: the database manager would be open to the world.");
        }

        // Odoo's own default is "admin". Empty, the master password matches nothing.
        if (pool.Find("admin_passwd") is not "")
        {
            yield return Open(
                "master-password-set",
                "does not set admin_passwd to nothing: whoever knows or guesses the master password could copy or drop databases."
            );
        }

        if (!IPAddress.TryParse(pool.Find("http_interface"), out var address) || !IPAddress.IsLoopback(address))
        {
            yield return Open(
                "http-interface-open",
                "listens beyond this machine: requests could come without the gateway, and around a hold."
            );
        }

        var loaded = (pool.Find("server_wide_modules") ?? "").Split(',');
        foreach (var module in Modules.Where(module => !loaded.Contains(module, StringComparer.Ordinal)))
        {
            yield return Open(
                "server-wide-module-missing",
                $"does not load {module}: it cannot be held, or serves nobody."
            );
        }

        GateReason Open(string code, string what) =>
            new(
                code,
                $"pool {pool.Pool} {what}",
                "the makers of Tidegate",
                "report it: Tidegate sets this option itself, and no pool may"
            );
    }
}
