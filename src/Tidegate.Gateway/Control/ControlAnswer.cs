using Tidegate.Contracts.Gateway;

namespace Tidegate.Gateway.Control;

/// <summary>What came of a control call.</summary>
internal abstract record ControlAnswer
{
    private ControlAnswer() { }

    internal sealed record Done(GatewayTenantStatus Status) : ControlAnswer;

    internal sealed record Removed : ControlAnswer;

    internal sealed record Refused(GatewayProblem Problem) : ControlAnswer;

    public static ControlAnswer Stale(string tenant, long epoch, long seen) =>
        Refuse(
            GatewayProblems.StaleEpoch,
            409,
            $"Epoch {epoch} is old: tenant {tenant} has been spoken for with {seen}. This control plane must stop and ask."
        );

    public static ControlAnswer HoldTaken(string tenant, string hold, string holder) =>
        Refuse(
            GatewayProblems.HoldTaken,
            409,
            $"Tenant {tenant} is on hold for {holder}; {hold} needs a higher epoch to take it over."
        );

    public static ControlAnswer HostTaken(string host, string holder) =>
        Refuse(GatewayProblems.HostTaken, 409, $"Host {host} is tenant {holder}'s.");

    public static ControlAnswer Unknown(string tenant) =>
        Refuse(GatewayProblems.UnknownTenant, 404, $"The gateway has no route for tenant {tenant}.");

    public static ControlAnswer Invalid(string detail) => Refuse(GatewayProblems.Invalid, 400, detail);

    private static Refused Refuse(string type, int status, string detail) =>
        new(new GatewayProblem(type, type[(type.LastIndexOf(':') + 1)..].Replace('-', ' '), status, detail));
}
