using System.Globalization;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Configuration;

/// <summary>Limits that work against each other, or against the machine. What a pool does not set has Odoo's own value. Pure.</summary>
internal static class LimitRules
{
    private const string Next = "correct the values in the pool's entry";

    public static IEnumerable<GateReason> Judge(PoolSettings pool, CapabilityRecord? record, SiteFacts? site)
    {
        var soft = Value("limit_memory_soft");
        var hard = Value("limit_memory_hard");
        if (soft > 0 && hard > 0 && soft >= hard)
        {
            yield return new(
                "memory-limits-crossed",
                $"pool {pool.Pool} replaces a worker at {Megabytes(soft)} MB and ends it at {Megabytes(hard)} MB: requests would be cut before a worker is replaced.",
                ConfigurationGate.Owner,
                Next
            );
        }

        var cpu = Value("limit_time_cpu");
        var real = Value("limit_time_real");
        if (cpu > 0 && real > 0 && cpu > real)
        {
            yield return new(
                "time-limits-crossed",
                $"pool {pool.Pool} gives a request {Text(cpu)} s of processor time within {Text(real)} s: the first limit never acts.",
                ConfigurationGate.Owner,
                Next
            );
        }

        if (Value("limit_request") is 0)
        {
            yield return new(
                "request-limit-none",
                $"pool {pool.Pool} has limit_request 0: each worker would be replaced after every request.",
                ConfigurationGate.Owner,
                Next
            );
        }

        if (Value("workers") is not >= 1)
        {
            yield return new(
                "workers-none",
                $"pool {pool.Pool} has no web workers: there would be no evented process, and one slow request would keep all others waiting.",
                ConfigurationGate.Owner,
                "give the pool workers: 1 or more"
            );
        }

        if (site is not null && soft > 0 && Value("workers") is { } workers && workers * soft > site.MemoryBytes)
        {
            yield return new(
                "memory-exceeded",
                $"the {Text(workers)} workers of pool {pool.Pool} may grow to {Megabytes(soft)} MB each before one is replaced, and the machine has {Megabytes(site.MemoryBytes)} MB.",
                ConfigurationGate.Owner,
                "lower limit_memory_soft or the number of workers"
            );
        }

        long? Value(string name) =>
            long.TryParse(
                pool.Find(name) ?? record?.Option(name)?.Value,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : null;
    }

    private static string Megabytes(long? bytes) => Text(bytes >> 20);

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
