using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>What a masked copy keeps.</summary>
public sealed record MaskingTerms
{
    /// <summary>Users who keep login and password, so that somebody can work with the copy. Any other cannot log in.</summary>
    public ImmutableHashSet<string> KeptLogins { get; init; } = ["admin"];
}
