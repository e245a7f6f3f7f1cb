using System.Text.Json;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>What a generation needs before its processes can start: files, folders, an OS user, login roles.</summary>
internal sealed class GenerationPreparation(SiteLayout layout, ProcessLauncher launcher)
{
    /// <summary>
    /// Writes what is missing of the generation's files, makes it wanted, and lets its roles in. What is there stays:
    /// it belongs to processes that may run.
    /// </summary>
    /// <exception cref="ProcessStartException">The release is not on this site, or a name is too long for a socket.</exception>
    public async Task<OdooCommand> PrepareAsync(
        GenerationFolder folder,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    )
    {
        UnixSocketPath.Require(folder.MigratorSocket, folder.Pool);
        var tree = ReleaseTree.Find(layout, wanted.Digest);
        var bridge = BridgeFiles.Install(layout);
        var user = await OsUser.EnsureAsync(OsUser.OfPool(wanted.Pool), cancellationToken);
        Folder.Passage(layout.Pools);
        Folder.Passage(layout.Pool(wanted.Pool));
        Folder.Private(layout.PoolData(wanted.Pool), user);
        Folder.Passage(layout.Generations(wanted.Pool));
        folder.Make(user);
        WriteFiles(folder, wanted, [.. tree.AddonsPaths, bridge], user);
        new TenantLists(folder.TenantLists, user).Publish();
        AtomicFile.TryCreate(folder.Wanted, JsonSerializer.Serialize(wanted, JsonSerializerOptions.Web));
        var roles = new PoolRoles(layout.Cluster);
        await roles.EnsureGenerationAsync(wanted.Pool, wanted.Digest, cancellationToken);
        await roles.EnsureMigratorAsync(wanted.Pool, cancellationToken);
        await ReloadPeersAsync(cancellationToken);
        return new(folder, tree, bridge, user?.Name);
    }

    /// <summary>Writes the option files of a generation anew, whatever is in them: its processes must start again to read them.</summary>
    /// <exception cref="ProcessStartException">The release is not on this site.</exception>
    public async Task RewriteAsync(
        GenerationFolder folder,
        WantedGeneration wanted,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> addonsPaths =
        [
            .. ReleaseTree.Find(layout, wanted.Digest).AddonsPaths,
            BridgeFiles.Install(layout),
        ];
        var user = await OsUser.EnsureAsync(OsUser.OfPool(wanted.Pool), cancellationToken);
        AtomicFile.Write(
            folder.Configuration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Generation(wanted.Pool, wanted.Digest), addonsPaths),
            user
        );
        AtomicFile.Write(
            folder.MigratorConfiguration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Migrator(wanted.Pool), addonsPaths),
            user
        );
    }

    private void WriteFiles(
        GenerationFolder folder,
        WantedGeneration wanted,
        IReadOnlyList<string> addonsPaths,
        OsUser? user
    )
    {
        AtomicFile.TryCreate(
            folder.Configuration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Generation(wanted.Pool, wanted.Digest), addonsPaths),
            user
        );
        AtomicFile.TryCreate(
            folder.MigratorConfiguration,
            OdooConfiguration.Of(layout, wanted, DatabaseNames.Migrator(wanted.Pool), addonsPaths),
            user
        );
        AtomicFile.TryCreate(folder.Preload, JsonSerializer.Serialize(wanted.Preload), user);
    }

    /// <summary>PostgreSQL lets in the roles of the generations that are wanted now, and no others.</summary>
    public async Task ReloadPeersAsync(CancellationToken cancellationToken)
    {
        PeerMap.Write(layout, await OsUser.EnsureAsync(OsUser.Postgres, cancellationToken));
        launcher.Send(SiteProcesses.Postgres, Signal.Hangup);
    }
}
