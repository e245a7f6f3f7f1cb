namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The tenant's database belongs to the site, and its serving generation alone has rights on it; who lost theirs is no longer connected.</summary>
public sealed record RestoreRights : Step;

/// <summary>Requests and scheduled jobs of the tenant go to its serving generation, and nowhere else.</summary>
public sealed record RestoreRoute : Step;

/// <summary>The generation that serves the tenant runs with what it was made with; requests to all its tenants are held meanwhile.</summary>
/// <param name="DrainBound">Longest wait for running requests, and for running jobs; over it nothing is ended and the healing is put off.</param>
/// <param name="HoldBound">Longest hold of all; over it the gateway shows the maintenance page.</param>
public sealed record RestartGeneration(TimeSpan DrainBound, TimeSpan HoldBound) : Step;

/// <summary>The way back of a restart: no tenant is held by it any more.</summary>
public sealed record ReopenGeneration : Step;
