using System.Globalization;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Whether what a way back costs is within what somebody accepted. Pure.</summary>
public static class AcceptedLoss
{
    /// <summary>Null when it may go on; otherwise one sentence that says what is over the limit.</summary>
    public static string? Refusal(WayBackPrice price, LossAcceptance accepted)
    {
        if (SafeWriteWindow.Of(price).IsOpen || accepted is { Rows: null, WhatLeft: true })
        {
            return null;
        }

        // Nothing was accepted: then the window decides, and it is closed.
        if (accepted == LossAcceptance.None)
        {
            return $"the safe-write window is closed: {string.Join(", ", SafeWriteWindow.Of(price).Reasons)}";
        }

        if (price.Rows is not { } rows)
        {
            return $"it cannot be told what would be lost: {price.Sentence}";
        }

        if (accepted.Rows is { } limit && rows > limit)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{rows} rows of business documents would be lost and {limit} were accepted: {price.Sentence}"
            );
        }

        return accepted.WhatLeft || price.Irrevocable == 0
            ? null
            : $"what has left the building cannot be taken back, and was not accepted: {string.Join(", ", price.Left.Where(left => left.IsIrrevocable && (left.Count > 0 || left.Unknown is not null)).Select(left => left.Unknown is null ? string.Create(CultureInfo.InvariantCulture, $"{left.Count} {left.What}") : $"{left.What}: {left.Unknown}"))}";
    }
}
