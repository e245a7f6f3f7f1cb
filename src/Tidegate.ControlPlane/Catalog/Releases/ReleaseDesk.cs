using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Catalog.Modules;
using Tidegate.ControlPlane.Catalog.Validations;
using Tidegate.ControlPlane.Sites;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Catalog.Releases;

/// <summary>Takes what people and git say about releases, whoever asks: a route, or a commit that is followed.</summary>
public sealed class ReleaseDesk(
    IReleaseContents contents,
    ReleaseStore releases,
    ValidationStore validations,
    Artifacts artifacts,
    SiteHeartbeat heartbeat,
    TimeProvider clock
)
{
    /// <summary>
    /// Registers a bundle of this server's store under a name. What is in it is read there and kept as the release's
    /// manifest; nobody's word is taken for it. The same again changes nothing, anything else under the name is a conflict.
    /// </summary>
    public async Task<RegisterResult> RegisterAsync(
        ReleaseRegistration wanted,
        string actor,
        CancellationToken cancellationToken
    )
    {
        if (ReleaseNameRules.Release(wanted.Name) is { } wrongName)
        {
            return new RegisterResult.Invalid(wrongName.Sentence);
        }

        if (contents.Find(wanted.Digest) is not { } bundle)
        {
            return new RegisterResult.NoBundle($"bundle {wanted.Digest} is not in the store of this server's site.");
        }

        var built = contents.FindBuilt(wanted.Name);
        if (built is not null && built.Digest != wanted.Digest)
        {
            return new RegisterResult.Conflict(
                $"release {wanted.Name} was built as {built.Digest}, and releases are immutable; give the new content a new name."
            );
        }

        var manifest = ReleaseManifests.Of(wanted, bundle, built);
        if ((manifest.Notes.Refusal() ?? manifest.Risk.Refusal() ?? CommitRefusal(wanted, manifest)) is { } wrong)
        {
            return new RegisterResult.Invalid(wrong);
        }

        // First what the record names, then the record: a crash between the two leaves an object that nobody asks for.
        var kept = await artifacts.PutAsync(
            JsonSerializer.SerializeToUtf8Bytes(manifest, CatalogJson.Options),
            cancellationToken
        );
        // Whoever plans next knows already that the bundle lies here.
        await heartbeat.BeatAsync(cancellationToken);
        var record = ReleaseManifests.Record(manifest, kept, wanted.Commit, actor, clock.GetUtcNow());
        ImmutableArray<SourceFolder> addons = [.. manifest.Source.Where(source => source.Role is "addons")];
        return await releases.AddAsync(record, addons, cancellationToken) is not { } there
                ? new RegisterResult.Registered(record, WasThere: false)
            : ReleaseManifests.Difference(there, record) is { } difference ? new RegisterResult.Conflict(difference)
            : new RegisterResult.Registered(there, WasThere: true);
    }

    /// <summary>Everything that is recorded of a release; null for the manifest where it is not kept, or not by this server's object store.</summary>
    /// <exception cref="InvalidDataException">What is kept is damaged.</exception>
    public async Task<(ReleaseManifest? Manifest, byte[]? Report)> ReadAsync(
        ReleaseRecord release,
        CancellationToken cancellationToken
    )
    {
        var manifest = release.Manifest is { } kept ? await artifacts.GetAsync(kept, cancellationToken) : null;
        var report = release.Validation is { } ended ? await artifacts.GetAsync(ended.Report, cancellationToken) : null;
        return (
            manifest is null ? null : JsonSerializer.Deserialize<ReleaseManifest>(manifest, CatalogJson.Options),
            report
        );
    }

    /// <summary>No rollout may take the release from now on; those that run go on. A block that is there stays as it is.</summary>
    /// <returns>The release as it is now; null when there is none of that name.</returns>
    public Task<ReleaseRecord?> BlockAsync(
        string release,
        string reason,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        return releases.ChangeBlockAsync(
            new(release, new ReleaseBlock(reason, actor, now), actor, reason, now),
            cancellationToken
        );
    }

    /// <inheritdoc cref="BlockAsync"/>
    /// <summary>Rollouts may take the release again.</summary>
    public Task<ReleaseRecord?> UnblockAsync(
        string release,
        string reason,
        string actor,
        CancellationToken cancellationToken
    ) => releases.ChangeBlockAsync(new(release, null, actor, reason, clock.GetUtcNow()), cancellationToken);

    /// <summary>Asks for a judging of a release by its files; a server that has its bundle does it, and records what it came to.</summary>
    /// <param name="from">The release that it replaces; null judges it alone.</param>
    public Task<RequestedValidation> ValidateAsync(
        ReleaseRecord release,
        ReleaseRecord? from,
        string actor,
        CancellationToken cancellationToken
    ) =>
        validations.RequestAsync(
            new(
                ValidationId.New(clock),
                release.Ref.Name,
                from?.Ref.Name,
                ValidationState.Queued,
                clock.GetUtcNow(),
                actor,
                EndedAt: null,
                Failure: null,
                Ended: null
            ),
            release.Ref.Digest,
            cancellationToken
        );

    private static string? CommitRefusal(ReleaseRegistration wanted, ReleaseManifest manifest)
    {
        if (wanted.Commit is not { } commit)
        {
            return null;
        }

        if (!commit.All(char.IsAsciiHexDigitLower) || commit.Length is not (40 or 64))
        {
            return $"\"{commit}\" is no commit: 40 hexadecimal digits, in lower case.";
        }

        ImmutableArray<string> known = [.. manifest.Source.Select(source => source.Commit).OfType<string>()];
        return known.IsEmpty || known.Contains(commit, StringComparer.Ordinal)
            ? null
            : $"release {wanted.Name} was built of {string.Join(" and ", known.Distinct(StringComparer.Ordinal))}, not of commit {commit}.";
    }
}
