using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Promotion.Facts;

/// <summary>May this release enter this environment? Asked for planned work, and by people beforehand.</summary>
/// <param name="Order">What a person said about this entry, or null.</param>
public sealed record PromotionQuestion(EnvironmentName Environment, ReleaseRef Release, StartOrder? Order = null);

/// <summary>A person's word that planned work may start. Kept with the work, and gone with it.</summary>
/// <param name="Older">Also to a release that was registered before one that tenants run.</param>
public sealed record StartOrder(string By, DateTimeOffset At, string? Reason, bool Older);
