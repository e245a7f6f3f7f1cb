using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>A person who agrees, and in whose places that may count: the own one, and those that were delegated.</summary>
internal sealed record Voter(string Person, ImmutableArray<string> Seats);

/// <summary>One agreement that is needed.</summary>
/// <param name="Requirement">Which requirement needs it: its place in the list; the extra one for unknown authorship has none.</param>
/// <param name="Fits">Whose agreement fills it.</param>
internal sealed record ApprovalSlot(int? Requirement, Func<string, bool> Fits);

/// <summary>Who fills a slot, and in whose place.</summary>
internal sealed record FilledSlot(string Person, string Seat);
