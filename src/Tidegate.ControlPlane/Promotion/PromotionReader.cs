using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Capabilities;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Promotion.Facts;

namespace Tidegate.ControlPlane.Promotion;

/// <summary>Reads everything that questions depend on, once, in a number of queries that does not grow with them. Only gates that look at a site are asked for each, all at once, and remembered for a while.</summary>
public sealed class PromotionReader(
    EnvironmentTermsStore terms,
    PromotionFactsStore facts,
    ReleaseStore releases,
    CapabilityStore capabilities,
    SiteGates sites,
    OpeningReader openings
)
{
    public async Task<IReadOnlyList<PromotionFacts>> ReadAsync(
        IReadOnlyList<PromotionQuestion> questions,
        CancellationToken cancellationToken
    )
    {
        if (questions.Count == 0)
        {
            return [];
        }

        var asked = (await terms.ListAsync(cancellationToken)).ToDictionary(each => each.Environment);
        ImmutableArray<ImmutableArray<EnvironmentName>> upstream =
        [
            .. questions.Select(question =>
                asked.GetValueOrDefault(question.Environment) is { } known
                    ? known.Upstream.Distinct().ToImmutableArray()
                    : []
            ),
        ];
        var stored = await facts.ReadAsync(questions, upstream, cancellationToken);
        var named = (
            await releases.FindNamedAsync(
                questions.Select(question => question.Release.Name).ToHashSet(StringComparer.Ordinal),
                cancellationToken
            )
        ).ToDictionary(release => release.Ref.Name, StringComparer.Ordinal);
        var run = (
            await capabilities.FindAsync(
                questions.Select(question => question.Release.Digest).ToHashSet(),
                cancellationToken
            )
        ).ToDictionary(capability => capability.Digest);

        var read = await sites.AddAsync(
            questions.Select(
                (question, place) =>
                    new PromotionFacts(
                        question,
                        asked.GetValueOrDefault(question.Environment),
                        named.GetValueOrDefault(question.Release.Name),
                        stored.Validations.GetValueOrDefault(question.Release.Name),
                        run.GetValueOrDefault(question.Release.Digest),
                        stored.Here[place],
                        [.. upstream[place].Select(before => stored.Upstream[(place, before)])],
                        stored.Holds.GetValueOrDefault((question.Environment, question.Release.Digest)),
                        stored.Running.GetValueOrDefault(question.Environment)
                    )
            ),
            cancellationToken
        );
        return await openings.AddAsync(read, cancellationToken);
    }
}
