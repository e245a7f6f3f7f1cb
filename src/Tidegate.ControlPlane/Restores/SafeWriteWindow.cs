using System.Collections.Immutable;
using System.Globalization;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Whether a way back loses nothing and nobody outside notices. Computed, never assumed: what is not known closes it.</summary>
/// <param name="Reasons">Why it is closed, one sentence each without a full stop; empty while it is open.</param>
public sealed record SafeWriteWindow(bool IsOpen, ImmutableArray<string> Reasons)
{
    public static SafeWriteWindow Of(WayBackPrice price)
    {
        ImmutableArray<string> reasons =
        [
            .. price.Written.Where(written => !written.IsLine).Select(Reason).OfType<string>(),
            .. price.Left.Select(Reason).OfType<string>(),
        ];
        return new(reasons.IsEmpty, reasons);
    }

    private static string? Reason(WrittenDocuments written) =>
        written.Unknown is { } unknown ? $"{written.Noun}: {unknown}"
        : written.Rows > 0 ? string.Create(CultureInfo.InvariantCulture, $"{written.Rows} {written.Noun} written")
        : null;

    private static string? Reason(LeftBuilding left) =>
        left.Unknown is { } unknown ? $"{left.What}: {unknown}"
        : left.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{left.What}: {left.Count}")
        : null;
}
