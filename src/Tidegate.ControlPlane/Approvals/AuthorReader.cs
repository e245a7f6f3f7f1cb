using System.Collections.Immutable;
using Tidegate.ControlPlane.Catalog.Releases;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>
/// Who wrote what a release brings: the commit of the fleet that asks for it, by its signature or by the forge's record,
/// and the commit of the addons, by the forge's record. What a commit says of its author is a claim: whoever is claimed does not count, and nothing is proven by it.
/// </summary>
public sealed class AuthorReader(SourceStore sources, IFleetSource repositories, ForgeStore forges)
{
    public async Task<Authorship> OfAsync(
        EnvironmentTerms terms,
        ReleaseRecord? release,
        CancellationToken cancellationToken
    )
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var unknown = new List<string>();
        if (Email(terms.Author) is { } email)
        {
            names.Add(email);
        }

        await AddCommitAsync(terms, names, unknown, cancellationToken);
        await AddReleaseAsync(terms.Policy.Approvals.People, release, names, unknown, cancellationToken);
        return new([.. names.Distinct(StringComparer.Ordinal)], unknown.Count == 0 ? null : unknown[0]);
    }

    /// <summary>The addons' commit was seen by whoever built the release; only the forge says who wrote it.</summary>
    private async Task AddReleaseAsync(
        People people,
        ReleaseRecord? release,
        ImmutableArray<string>.Builder names,
        List<string> unknown,
        CancellationToken cancellationToken
    )
    {
        if (!CommitId.TryCreate(release?.Commit, out var commit))
        {
            unknown.Add("of which commit the release was built is not recorded.");
            return;
        }

        var authors = (await forges.FindAsync([commit], cancellationToken))
            .Select(change => change.Author)
            .OfType<string>()
            .ToList();
        names.AddRange(authors);
        if (!authors.Exists(author => people.OfAccount(author) is not null))
        {
            unknown.Add($"no forge has told who wrote the addons' commit {commit.Short}.");
        }
    }

    private async Task AddCommitAsync(
        EnvironmentTerms terms,
        ImmutableArray<string>.Builder names,
        List<string> unknown,
        CancellationToken cancellationToken
    )
    {
        var people = terms.Policy.Approvals.People;
        if (!CommitId.TryCreate(terms.Commit, out var id))
        {
            unknown.Add("of which commit the fleet's state is cannot be told.");
            return;
        }

        var told = await forges.FindAsync([id], cancellationToken);
        foreach (var author in told.Select(change => change.Author).OfType<string>())
        {
            names.Add(author);
        }

        // Unlike a name in a commit, the forge has checked who it was.
        if (told.Any(change => change.Author is { } author && people.OfAccount(author) is not null))
        {
            return;
        }

        var signature = await SignatureAsync(id, cancellationToken);
        if (signature is CommitSignature.Good good)
        {
            names.Add(good.Fingerprint);
            if (people.OfKey(good.Fingerprint) is null)
            {
                unknown.Add($"commit {Short(terms)} is signed by a key of nobody in the fleet's people.");
            }

            return;
        }

        unknown.Add(
            signature is null
                ? $"commit {Short(terms)} cannot be read, so its signature is not known."
                : $"commit {Short(terms)} has no signature that fits, and no forge has told of its author."
        );
    }

    private async Task<CommitSignature?> SignatureAsync(CommitId commit, CancellationToken cancellationToken)
    {
        try
        {
            return
                await sources.FindAsync(cancellationToken) is { } source
                && await repositories.HistoryAsync(source.Address, null, commit, 1, cancellationToken)
                    is { Commits: [var only, ..] }
                ? only.Signature
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Short(EnvironmentTerms terms) => terms.Commit.Length > 12 ? terms.Commit[..12] : terms.Commit;

    private static string? Email(string author)
    {
        var (open, close) = (author.LastIndexOf('<'), author.LastIndexOf('>'));
        return open >= 0 && close > open + 1 ? author[(open + 1)..close].Trim() : null;
    }
}
