using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Sites;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Asks a site's server whether a state can be brought: before anything is.</summary>
/// <param name="Into">The name that it is to have; null when it is to take the tenant's place.</param>
public sealed record JudgePoint(TenantName Tenant, string Database, RestoreTarget Target, string? Into)
{
    public static readonly SiteRequestKind<JudgePoint, JudgedPoint> Kind = new("judge-point");
}

/// <summary>What a site says of a state.</summary>
/// <param name="Refusal">Why it cannot be brought, with what to do next; null when it can.</param>
/// <param name="Point">When it was; of a position of the log, a moment that is surely not later.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Upgraded">See <see cref="Rollouts.WrittenSince"/>.</param>
public sealed record JudgedPoint(string? Refusal, DateTimeOffset Point, string What, string? Upgraded)
{
    public static JudgedPoint Refused(string reason) => new(reason, default, "", null);
}

/// <summary>Says whether a state can be brought.</summary>
public sealed class JudgePointHandler(ISiteRestores site) : SiteRequestHandler<JudgePoint, JudgedPoint>(JudgePoint.Kind)
{
    protected override Task<JudgedPoint> AnswerAsync(
        JudgePoint request,
        ClaimedRequest claimed,
        CancellationToken cancellationToken
    ) => site.JudgeAsync(request, cancellationToken);
}
