namespace Tidegate.Drivers.Copies.Masks;

/// <summary>How a column is masked.</summary>
internal enum MaskKind
{
    /// <summary>It is structure: it stays.</summary>
    Keep,

    /// <summary>Words of about the same length.</summary>
    Words,
    Email,
    Phone,
    Address,
    Html,

    /// <summary>Each text inside.</summary>
    Json,

    /// <summary>Nothing is left.</summary>
    Nothing,
}
