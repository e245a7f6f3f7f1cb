using System.Collections.Immutable;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;
using Tidegate.Drivers.TenantBackups;

namespace Tidegate.Drivers.Restores;

/// <summary>
/// The files of a state, in a folder of its own where nobody collects them: second names of what the tenant and its
/// checkpoints still have, and what only backups of the tenant have by now. Every one is proven by its sha1.
/// </summary>
internal sealed class StateFiles(
    SiteLayout layout,
    CheckpointDatabases checkpoints,
    BackupPlaces places,
    TenantBackupStore backups
)
{
    /// <summary>Gathers them; the folder is there afterwards in any case. Records of generated files that are nowhere are removed: Odoo makes them anew.</summary>
    /// <exception cref="JobFailedException">A file is nowhere, or damaged everywhere.</exception>
    public async Task<FileCheck> GatherAsync(
        StateOrder order,
        PostgresSession state,
        CancellationToken cancellationToken
    )
    {
        var folder = layout.RestoredBy(order.Job);
        var live = layout.Filestore(order.Pool, order.Database);
        HeldFiles.Hold(live, await NamesAsync(state, cancellationToken), folder);
        ImmutableArray<string> folders = [folder, live, .. await CheckpointsAsync(order, cancellationToken)];
        var check = await CheckAsync(state, folder, folders, cancellationToken);
        if (!check.Missing.IsEmpty && await FetchAsync(order, [.. check.Missing], folder, cancellationToken))
        {
            check = await CheckAsync(state, folder, folders, cancellationToken);
        }

        if (!check.Missing.IsEmpty)
        {
            throw new JobFailedException(
                $"{check.Missing.Length} files of that state of {order.Tenant} are nowhere whole, {check.Missing[0]} first: neither the tenant, nor its checkpoints, nor its backups have them. Nothing was changed; tidegate tenant backups list {order.Tenant} shows what can be restored with its files."
            );
        }

        if (!check.Generated.IsEmpty)
        {
            await state.ExecuteAsync(
                "delete from public.ir_attachment where store_fname = any($1) and url like '/web/assets/%'",
                [check.Generated.ToArray()],
                cancellationToken
            );
        }

        // Second names of the tenant's files stay the tenant's: who gets them anew elsewhere gets files of its own.
        if (order.Becomes is null)
        {
            await GiveAsync(order.Place, folder, cancellationToken);
        }

        return check;
    }

    /// <summary>Makes of second names files of the state's own, and gives them to the tenant whose they become.</summary>
    /// <returns>How many bytes they are.</returns>
    public async Task<long> SeparateAsync(StateOrder order, CancellationToken cancellationToken)
    {
        var (folder, bytes) = (layout.RestoredBy(order.Job), 0L);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var own = $"{file}.own";
            File.Copy(file, own, overwrite: true);
            File.Move(own, file, overwrite: true);
            bytes += new FileInfo(file).Length;
        }

        await GiveAsync(order.Place, folder, cancellationToken);
        return bytes;
    }

    public void Remove(StateOrder order)
    {
        if (Directory.Exists(layout.RestoredBy(order.Job)))
        {
            Directory.Delete(layout.RestoredBy(order.Job), recursive: true);
        }
    }

    private static Task<FileCheck> CheckAsync(
        PostgresSession state,
        string folder,
        ImmutableArray<string> folders,
        CancellationToken cancellationToken
    ) =>
        RestoredFilestore.CheckAsync(
            state,
            folders,
            (from, name) =>
            {
                if (from != folder)
                {
                    var own = Path.Join(folder, name);
                    Directory.CreateDirectory(Path.GetDirectoryName(own)!);
                    File.Delete(own); // damaged where it came from first
                    File.Copy(Path.Join(from, name), own);
                }
            },
            cancellationToken
        );

    private static async Task<ImmutableArray<string>> NamesAsync(
        PostgresSession state,
        CancellationToken cancellationToken
    ) =>
        await state.ScalarAsync<bool>("select to_regclass('public.ir_attachment') is not null", [], cancellationToken)
            ? await state.QueryAsync(
                "select distinct store_fname from public.ir_attachment where store_fname is not null",
                [],
                row => row.GetString(0),
                cancellationToken
            )
            : [];

    private async Task<IEnumerable<string>> CheckpointsAsync(StateOrder order, CancellationToken cancellationToken) =>
        (await checkpoints.ListAsync(cancellationToken))
            .Where(kept => kept.Swap.Database == order.Database)
            .Select(kept => Path.Combine(layout.Checkpoint(kept.Swap.Upgrade), "filestore"));

    /// <summary>True when any was found in a backup.</summary>
    private async Task<bool> FetchAsync(
        StateOrder order,
        HashSet<string> missing,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var fetched = false;
        foreach (var backup in await backups.OfTenantAsync(order.Tenant, null, cancellationToken))
        {
            if (missing.Count == 0)
            {
                break;
            }

            try
            {
                var reader = await TenantBackupReader.OpenAsync(places, backup, cancellationToken);
                foreach (var file in reader.Manifest.Files.Where(file => missing.Contains(file.Name)))
                {
                    var path = Path.Join(folder, file.Name);
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.Delete(path);
                    await reader.CopyFileAsync(file, path, onRead: null, cancellationToken);
                    missing.Remove(file.Name);
                    fetched = true;
                }
            }
            catch (Exception damaged) when (damaged is DamagedObjectException or InvalidDataException)
            {
                // An older one may have it; a file that none has is told by its name.
            }
        }

        return fetched;
    }

    /// <summary>Odoo's user is to own them wherever they are linked to, and the folders with them.</summary>
    private async Task GiveAsync(StatePlace place, string folder, CancellationToken cancellationToken)
    {
        var live = layout.Filestore(place.Pool, place.Database);
        var like = Directory.Exists(live) ? live : layout.PoolData(place.Pool);
        if (!Directory.Exists(like))
        {
            return;
        }

        foreach (var (program, option) in new[] { ("/bin/chown", "-R"), ("/bin/chmod", "-c") })
        {
            var answer = await Tool.RunAsync(program, [option, $"--reference={like}", "--", folder], cancellationToken);
            if (answer.ExitCode != 0)
            {
                throw new IOException($"The files of {place.Tenant} could not be given to Odoo: {answer.Complaint}.");
            }
        }
    }
}
