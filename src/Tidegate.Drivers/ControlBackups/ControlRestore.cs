using System.Globalization;
using Tidegate.ControlPlane.ControlBackups;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Storage;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Objects;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.ControlBackups;

/// <summary>What came back.</summary>
/// <param name="Repositories">Bundles of the followed repositories: <c>git clone</c> takes them.</param>
public sealed record RestoredControl(
    string Backup,
    DateTimeOffset TakenAt,
    int Tables,
    int Documents,
    IReadOnlyList<string> Repositories
);

/// <summary>Restores a control plane into a cluster that has none: all of its database or nothing of it.</summary>
/// <param name="source">Where its backups are.</param>
public sealed class ControlRestore(SiteLayout layout, IObjectStore source, TimeProvider clock)
{
    internal ControlAddress Address { get; init; } = ControlAddress.Standard;

    internal SitePostgres Cluster { get; init; } = layout.Cluster;

    /// <summary>The ids of the backups there are, the newest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var found in source.ListAsync(ControlManifest.Manifests, cancellationToken))
        {
            ids.Add(Path.GetFileNameWithoutExtension(found.Key.Value));
        }

        return [.. ids.OrderDescending(StringComparer.Ordinal)]; // an id begins with its time
    }

    /// <param name="id">Null for the newest.</param>
    /// <exception cref="JobFailedException">Nothing was restored; the message says why.</exception>
    public async Task<RestoredControl> RunAsync(string? id, CancellationToken cancellationToken)
    {
        var wanted =
            id
            ?? (await ListAsync(cancellationToken) is [var newest, ..] ? newest : null)
            ?? throw new JobFailedException(
                $"there is no control backup where {layout.ObjectsFile} leads (the home's folder objects without it)."
            );
        var manifest = await ManifestAsync(wanted, cancellationToken);
        var vault = new BackupVault(source, manifest.KeyId is { } key ? BackupSecret.Find(layout, key) : null);
        var work = Path.Join(layout.WorkFolder, $"restore-{wanted}");
        try
        {
            await RefuseFilledAsync(cancellationToken);
            Folder.Passage(layout.WorkFolder);
            Folder.Private(work);
            var dump = Path.Join(work, "dump");
            await CopyAsync(vault, manifest.Dump, dump, cancellationToken);
            await DocumentsAsync(vault, manifest, cancellationToken);
            var repositories = await RepositoriesAsync(vault, manifest, cancellationToken);
            await DumpRestore.RunAsync(
                Cluster,
                PostgresTool.Of(layout).PgRestore,
                dump,
                (Address.Database, Address.Role),
                cancellationToken,
                Address.Role
            );
            await CompareAsync(manifest, cancellationToken);
            return new(wanted, manifest.TakenAt, manifest.Tables.Length, manifest.Documents.Length, repositories);
        }
        catch (Exception wrong) when (wrong is DamagedObjectException or InvalidOperationException)
        {
            throw new JobFailedException(
                $"control backup {wanted} cannot be restored: {wrong.Message}. Take another: --backup ID.",
                wrong
            );
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    private async Task<ControlManifest> ManifestAsync(string id, CancellationToken cancellationToken)
    {
        if (!ObjectKey.TryParse($"{ControlManifest.Manifests}{id}.json", out var key))
        {
            throw new JobFailedException($"\"{id}\" is no control backup's id.");
        }

        await using var content =
            await source.GetAsync(key, cancellationToken)
            ?? throw new JobFailedException($"there is no control backup {id}.");
        using var reader = new StreamReader(content);
        try
        {
            return ControlManifest.Parse(await reader.ReadToEndAsync(cancellationToken));
        }
        catch (InvalidDataException wrong)
        {
            throw new JobFailedException($"control backup {id}: {wrong.Message}.", wrong);
        }
    }

    private async Task RefuseFilledAsync(CancellationToken cancellationToken)
    {
        await using var session = await Cluster.OpenAsync(Address.Database, Address.Role, cancellationToken);
        if (
            await session.ScalarAsync<long>(
                "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
                [],
                cancellationToken
            ) > 0
        )
        {
            throw new JobFailedException(
                $"the control database of {layout.Home} is not empty: it has a control plane. A restore goes into a home that has none."
            );
        }
    }

    private static async Task CopyAsync(
        BackupVault vault,
        ControlPlane.TenantBackups.ManifestObject stored,
        string path,
        CancellationToken cancellationToken
    )
    {
        await using var content =
            await vault.OpenAsync(ObjectKey.Create(stored.Key), cancellationToken)
            ?? throw new DamagedObjectException(stored.Key, "is missing");
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        try
        {
            var digest = await FileDigest.OfAsync(content, file, null, cancellationToken);
            if (Convert.ToHexStringLower(digest.Sha256) != stored.Sha256)
            {
                throw new DamagedObjectException(stored.Key, "has another content than was stored");
            }
        }
        catch (InvalidDataException changed)
        {
            throw new DamagedObjectException(stored.Key, changed.Message);
        }
    }

    private async Task DocumentsAsync(BackupVault vault, ControlManifest manifest, CancellationToken cancellationToken)
    {
        var own = new FolderObjectStore(layout.Objects, clock);
        var draft = Path.Join(layout.WorkFolder, $"restore-{manifest.Id}", "document");
        foreach (var document in manifest.Documents)
        {
            await CopyAsync(vault, document.Object, draft, cancellationToken);
            await using var content = File.OpenRead(draft);
            await own.PutAsync(ObjectKey.Create(document.Name), content, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> RepositoriesAsync(
        BackupVault vault,
        ControlManifest manifest,
        CancellationToken cancellationToken
    )
    {
        var paths = new List<string>();
        foreach (var (number, repository) in manifest.Repositories.Index())
        {
            Folder.Private(layout.Following);
            var path = Path.Join(
                layout.Following,
                string.Create(CultureInfo.InvariantCulture, $"restored-{manifest.Id}-{number}.bundle")
            );
            await CopyAsync(vault, repository.Object, path, cancellationToken);
            paths.Add(path);
        }

        return paths;
    }

    private async Task CompareAsync(ControlManifest manifest, CancellationToken cancellationToken)
    {
        await using var snapshot = await TenantSnapshot.OpenAsync(
            Cluster,
            Address.Database,
            "tidegate control restore",
            cancellationToken,
            Address.Role
        );
        var differences = RestoredComparison
            .Tables(manifest.Tables, await snapshot.TablesAsync(cancellationToken))
            .ToList();
        if (differences.Count > 0)
        {
            throw new JobFailedException(
                $"what was restored is not what was backed up: {string.Join("; ", differences.Take(5))}. Do not start it; remove the home and take another backup."
            );
        }
    }
}
