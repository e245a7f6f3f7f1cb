using System.Globalization;
using System.Text;
using Tidegate.Gateway.Routing;

namespace Tidegate.Gateway.Metering;

/// <summary>Writes the meters as Prometheus reads them (text format 0.0.4).</summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Tenant> tenants)
    {
        var text = new StringBuilder();
        Tenant[] all = [.. tenants];

        Family(text, "requests_total", "counter", "Requests answered by a generation.");
        ForEachMeter(all, (labels, meter) => Line(text, "requests_total", labels, meter.Requests));

        Family(
            text,
            "errors_total",
            "counter",
            "Answers with status 500 and above, also where no generation answered."
        );
        ForEachMeter(all, (labels, meter) => Line(text, "errors_total", labels, meter.Errors));

        Family(text, "rpc_errors_total", "counter", "JSON-RPC errors that came with HTTP 200.");
        ForEachMeter(all, (labels, meter) => RpcErrors(text, labels, meter));

        Family(
            text,
            "request_duration_seconds",
            "histogram",
            "From forwarding to the end of the answer; waiting in a hold not counted."
        );
        ForEachMeter(all, (labels, meter) => Histogram(text, labels, meter.Latency));

        Gauge(text, all, "in_flight", "HTTP requests on their way, held ones not.", tenant => tenant.Gate.InFlight);
        Gauge(text, all, "held", "Requests waiting in a hold.", tenant => tenant.Gate.Held.Requests);
        Gauge(text, all, "held_bytes", "Bytes of the bodies of waiting requests.", tenant => tenant.Gate.Held.Bytes);
        Gauge(text, all, "websockets", "Tunnels open.", tenant => tenant.Tunnels.Count);

        Family(text, "held_total", "counter", "Requests that had to wait in a hold.");
        foreach (var tenant in all)
        {
            Line(text, "held_total", Label("tenant", tenant.Name), tenant.Gate.HeldTotal);
        }

        return text.ToString();
    }

    private static void ForEachMeter(Tenant[] tenants, Action<string, RouteMeter> write)
    {
        foreach (var tenant in tenants)
        {
            foreach (var meter in tenant.Meters.All)
            {
                write($"{Label("tenant", tenant.Name)},{Label("generation", meter.Generation)}", meter);
            }
        }
    }

    private static void RpcErrors(StringBuilder text, string labels, RouteMeter meter)
    {
        foreach (var kind in Enum.GetValues<RpcErrorClass>())
        {
            Line(text, "rpc_errors_total", $"{labels},{Label("class", NameOf(kind))}", meter.RpcErrors(kind));
        }
    }

    private static void Histogram(StringBuilder text, string labels, LatencyHistogram histogram)
    {
        var counts = histogram.Read();
        long upTo = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            upTo += counts[bucket];
            var bound =
                bucket < LatencyHistogram.Bounds.Length
                    ? LatencyHistogram.Bounds[bucket].ToString(CultureInfo.InvariantCulture)
                    : "+Inf";
            Line(text, "request_duration_seconds_bucket", $"{labels},{Label("le", bound)}", upTo);
        }

        Line(text, "request_duration_seconds_sum", labels, histogram.SumSeconds);
        Line(text, "request_duration_seconds_count", labels, upTo);
    }

    private static void Gauge(StringBuilder text, Tenant[] tenants, string name, string help, Func<Tenant, long> read)
    {
        Family(text, name, "gauge", help);
        foreach (var tenant in tenants)
        {
            Line(text, name, Label("tenant", tenant.Name), read(tenant));
        }
    }

    private static void Family(StringBuilder text, string name, string type, string help) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"# HELP tidegate_gateway_{name} {help}\n# TYPE tidegate_gateway_{name} {type}\n"
        );

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"tidegate_gateway_{name}{{{labels}}} {value}\n");

    private static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string NameOf(RpcErrorClass kind) =>
        kind switch
        {
            RpcErrorClass.User => "user",
            RpcErrorClass.Session => "session",
            RpcErrorClass.NotFound => "not_found",
            RpcErrorClass.Server => "server",
        };
}
