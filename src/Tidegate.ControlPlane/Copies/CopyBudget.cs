using System.Globalization;

namespace Tidegate.ControlPlane.Copies;

/// <summary>The disk that a site gives to copies.</summary>
/// <param name="Bytes">Null for no bound.</param>
public sealed record CopyBudget(long? Bytes)
{
    /// <summary>Null when there is room for one more; otherwise one sentence that names what to drop first.</summary>
    /// <param name="there">The site's copies, checkpoints among them.</param>
    /// <param name="wanted">What the new one takes.</param>
    public string? Refusal(IReadOnlyCollection<ListedCopy> there, long wanted, DateTimeOffset now)
    {
        var used = there.Sum(copy => copy.Bytes);
        if (Bytes is not { } budget || used + wanted <= budget)
        {
            return null;
        }

        // What has ended goes first, then what frees most; never what somebody works on.
        var first = there
            .Where(copy => !copy.IsInUse)
            .OrderBy(copy => !(copy.ExpiresAt <= now))
            .ThenByDescending(copy => copy.Bytes)
            .FirstOrDefault();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"copies may take {budget >> 20} MB of this site's disk, {used >> 20} MB are taken and {wanted >> 20} MB would come; {(first is null ? "all of them are in use: wait, or raise the budget" : $"drop {first.Id} of {first.Tenant} first ({first.Bytes >> 20} MB): tidegate copies drop {first.Id} --yes")}."
        );
    }
}
