using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Checkpoints;

/// <summary>What came of an order to drop a checkpoint.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "result")]
[JsonDerivedType(typeof(Dropped), "dropped")]
[JsonDerivedType(typeof(Unknown), "unknown")]
[JsonDerivedType(typeof(TenantIsBusy), "busy")]
[JsonDerivedType(typeof(Held), "held")]
[JsonDerivedType(typeof(Unanswered), "unanswered")]
public abstract record DropResult
{
    private DropResult() { }

    /// <param name="FreedBytes">0 when it was gone already.</param>
    public sealed record Dropped(string Tenant, long FreedBytes) : DropResult;

    /// <summary>No upgrade has this id.</summary>
    public sealed record Unknown : DropResult;

    /// <summary>A rollout works on the tenant; nothing was dropped.</summary>
    public sealed record TenantIsBusy(string Tenant, string Rollout) : DropResult;

    /// <summary>Something holds on to it; <paramref name="Reason"/> says who.</summary>
    public sealed record Held(string Reason) : DropResult;

    /// <summary>Its site's server did not say; <paramref name="Reason"/> says whether it may still do it.</summary>
    public sealed record Unanswered(string Reason) : DropResult;
}
