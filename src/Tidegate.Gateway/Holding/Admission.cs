namespace Tidegate.Gateway.Holding;

/// <summary>What became of a request at the gate.</summary>
internal enum Admission
{
    /// <summary>It may be forwarded, and counts as in flight until <see cref="TenantGate.Leave"/>.</summary>
    Admitted,

    /// <summary>It gets the maintenance page.</summary>
    Refused,

    /// <summary>Its client is no longer there: it must not be forwarded, a retry of the client would then count twice.</summary>
    Gone,
}
