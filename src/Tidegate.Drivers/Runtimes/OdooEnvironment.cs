using System.Collections.Immutable;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The environment that every process of a release's Odoo has; nothing is inherited.</summary>
internal static class OdooEnvironment
{
    /// <param name="home">A folder that the process's user may write to.</param>
    /// <param name="compiledPython">Where a bundle that brings nothing for this interpreter is compiled.</param>
    public static ImmutableDictionary<string, string> Of(ReleaseTree tree, string home, string compiledPython) =>
        ImmutableDictionary.CreateRange(
            StringComparer.Ordinal,
            [
                KeyValuePair.Create("PATH", "/usr/bin:/bin"),
                KeyValuePair.Create("HOME", home),
                KeyValuePair.Create("LANG", "C.UTF-8"),
                KeyValuePair.Create("TZ", "UTC"),
                KeyValuePair.Create("PYTHONPATH", tree.PythonPath),
                // Beside the sources nobody may write.
                tree.IsCompiled
                    ? KeyValuePair.Create("PYTHONDONTWRITEBYTECODE", "1")
                    : KeyValuePair.Create("PYTHONPYCACHEPREFIX", compiledPython),
                KeyValuePair.Create("PYTHONUNBUFFERED", "1"),
                // Seconds in which a request must have arrived whole. Odoo's own 2 cut requests off on a busy machine, and
                // only the gateway can connect.
                KeyValuePair.Create("ODOO_HTTP_SOCKET_TIMEOUT", "30"),
                // Without it a process title would overwrite the environment by which we know the process.
                KeyValuePair.Create("SPT_NOENV", "1"),
            ]
        );
}
