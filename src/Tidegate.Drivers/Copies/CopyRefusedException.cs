using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies;

/// <summary>A copy cannot be made harmless, or is not proven to be; the message says why and is for people. Nothing of it was changed.</summary>
public sealed class CopyRefusedException : Exception
{
    public CopyRefusedException(string database, ImmutableArray<string> reasons, Exception? inner = null)
        : base($"Copy {database} is refused: {string.Join("; ", reasons)}.", inner) => Reasons = reasons;

    /// <summary>At least one.</summary>
    public ImmutableArray<string> Reasons { get; }
}
