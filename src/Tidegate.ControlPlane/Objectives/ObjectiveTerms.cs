using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Objectives;

/// <summary>What git says of an objective, as it was taken last.</summary>
/// <param name="Tenants">Whom it covers: its tenants, and those of its environments and tags. By name.</param>
public sealed record ObjectiveTerms(RecoveryObjective Objective, ImmutableArray<TenantName> Tenants);
