using System.Globalization;

namespace Tidegate.Gateway;

/// <summary>The command line of the role.</summary>
public static class GatewayArguments
{
    public const string Usage =
        "Usage: tidegate gateway --state FILE --control SOCKET --port N [--log DIR] [--metrics-port N] [--forwarded-proto http|https]";

    /// <summary>Null when the arguments are right; otherwise one sentence that says what is wrong.</summary>
    public static string? Parse(IReadOnlyList<string> arguments, out GatewayOptions? options)
    {
        options = null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < arguments.Count; index += 2)
        {
            if (index + 1 == arguments.Count || !values.TryAdd(arguments[index], arguments[index + 1]))
            {
                return $"{arguments[index]} needs one value.";
            }
        }

        string? Take(string name) => values.Remove(name, out var value) ? value : null;

        var (state, control, log) = (Take("--state"), Take("--control"), Take("--log"));
        var (port, metricsPort, proto) = (Take("--port"), Take("--metrics-port"), Take("--forwarded-proto"));
        if (values.Count > 0)
        {
            return $"{values.Keys.First()} is not an option of the gateway.";
        }

        if (state is null || control is null || port is null)
        {
            return "--state, --control and --port are needed.";
        }

        if (!IsPort(port, out var listen) | !IsPort(metricsPort ?? "0", out var metrics))
        {
            return "A port is a number from 0 to 65535.";
        }

        if (proto is not (null or "http" or "https"))
        {
            return "--forwarded-proto is http or https.";
        }

        options = new GatewayOptions
        {
            StateFile = Path.GetFullPath(state),
            ControlSocket = Path.GetFullPath(control),
            Port = listen,
            LogFolder = log is null ? null : Path.GetFullPath(log),
            MetricsPort = metricsPort is null ? null : metrics,
            ForwardedProto = proto,
        };
        return null;
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
}
