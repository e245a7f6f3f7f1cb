using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Facts;
using Tidegate.ControlPlane.Catalog.Gates;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <summary>Reads a release and asks every static gate about it.</summary>
public sealed class ReleaseValidator(ReleaseFactsReader reader)
{
    /// <param name="before">The release that is replaced; null judges the release alone.</param>
    /// <param name="progress">Gets one line at the start of each part of the work.</param>
    /// <exception cref="IOException">The machine could not do it.</exception>
    public async Task<Validation> ValidateAsync(
        ReleasePlace place,
        ReleasePlace? before,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var read = await reader.ReadAsync(place, progress, cancellationToken);
        if (read.Release is not { } release)
        {
            return new(null, 0, [.. read.Refusals.Select(refusal => SourceGate.Of(refusal, null))], [], null);
        }

        ReleaseFacts? earlier = null;
        if (before is not null)
        {
            progress("the release before:");
            var readBefore = await reader.ReadAsync(before, progress, cancellationToken);
            earlier =
                readBefore.Release
                ?? throw new IOException($"the release before cannot be read: {readBefore.Refusals[0].Sentence}");
        }

        progress("judging");
        var input = new GateInput(release, earlier);
        return new(
            release.Core.Version,
            release.Modules.Count,
            StaticGates.Judge(input),
            [.. release.Modules.Values.Where(module => module.IsAddon).Select(module => module.Name)],
            earlier is null ? null : ClassProposal.Of(input, ReleaseDifference.Of(input))
        );
    }
}

/// <summary>What validating a release came to.</summary>
/// <param name="Odoo">The core's version; null when there is none.</param>
/// <param name="Modules">How many were judged.</param>
/// <param name="Addons">Those that are not Odoo's own.</param>
/// <param name="Proposal">Null when there is no release before.</param>
public sealed record Validation(
    string? Odoo,
    int Modules,
    ImmutableArray<Finding> Findings,
    ImmutableSortedSet<string> Addons,
    ClassProposal? Proposal
)
{
    public int Errors => Findings.Count(finding => finding.Severity is Severity.Error);

    public int Warnings => Findings.Count(finding => finding.Severity is Severity.Warning);
}
