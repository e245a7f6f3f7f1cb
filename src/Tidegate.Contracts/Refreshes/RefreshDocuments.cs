namespace Tidegate.Contracts.Refreshes;

/// <summary>Orders that a staging tenant gets its data anew.</summary>
/// <param name="IsConfirmed">Also when its database does not say of itself that it is a copy, or is on another release than its source: it is dropped.</param>
/// <param name="Reason">Why; kept in the ledger.</param>
public sealed record RefreshTenant(bool IsConfirmed = false, string? Reason = null);
