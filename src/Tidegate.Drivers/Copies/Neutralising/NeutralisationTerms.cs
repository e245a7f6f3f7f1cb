using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>What a copy may be.</summary>
public sealed record NeutralisationTerms
{
    /// <summary>Where the copy is reached; null for a name that leads nowhere.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>
    /// Modules (<c>carrier_ftp</c>) or columns (<c>carrier_ftp.secret</c>) that keep credentials and bring no script to
    /// take them out: somebody has said that emptying the columns is enough. Any other refuses the copy.
    /// </summary>
    public ImmutableHashSet<string> Accepted { get; init; } = [];
}
