using System.Text.Json;

namespace Tidegate.Demo.Reporting;

/// <summary>What <c>./demo --json FILE</c> writes: counted by the traffic and read from the databases, never taken from the engine.</summary>
/// <param name="DurationS">Of the whole demo, in seconds.</param>
internal sealed record DemoReport(double DurationS, IReadOnlyList<RolloutReport> Rollouts)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Format);
}

/// <summary>One rollout.</summary>
/// <param name="Outcome"><c>completed</c>, <c>completed_with_exceptions</c>, <c>halted</c> or <c>rolled_back</c>.</param>
/// <param name="Reason">Why it stopped, with the place of the evidence; null when it completed.</param>
internal sealed record RolloutReport(
    string Release,
    string Outcome,
    string? Reason,
    int RequestsSent,
    int RequestsFailed,
    int RequestsHeld,
    int OrdersSent,
    int OrdersLost,
    int OrdersDoubled,
    IReadOnlyList<TenantReport> Tenants
);

/// <summary>One tenant in a rollout.</summary>
/// <param name="Outcome"><c>completed</c>, <c>rolled_back</c> or <c>untouched</c>.</param>
/// <param name="HoldS">The longest that a customer of it waited for the answer of a held request, in seconds.</param>
/// <param name="ReleaseAfter">The release whose database it runs on after the rollout.</param>
internal sealed record TenantReport(string Tenant, string Pool, string Outcome, double HoldS, string ReleaseAfter);
