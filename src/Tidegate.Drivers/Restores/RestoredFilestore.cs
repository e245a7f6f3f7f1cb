using System.Collections.Immutable;
using System.Security.Cryptography;
using Tidegate.ControlPlane.Catalog.Trees;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Restores;

/// <summary>What a database's attachments want of files, and what there is.</summary>
/// <param name="Verified">Files whose content is what their name says.</param>
/// <param name="Missing">Names of files that are nowhere, or damaged everywhere.</param>
/// <param name="Generated">Of the missing: those that Odoo makes anew when their records are gone.</param>
internal sealed record FileCheck(long Verified, ImmutableArray<string> Missing, ImmutableArray<string> Generated);

/// <summary>Odoo names a file by the sha1 of its content: so every one can be proven, and a copy anywhere is as good as the original.</summary>
internal static class RestoredFilestore
{
    /// <summary>Checks every file that an attachment names against the folders, the first good one counts.</summary>
    /// <param name="found">Told where a good file lies.</param>
    public static async Task<FileCheck> CheckAsync(
        PostgresSession session,
        IReadOnlyList<string> folders,
        Action<string, string> found,
        CancellationToken cancellationToken
    )
    {
        var hasFiles = await session.ScalarAsync<bool>(
            "select to_regclass('public.ir_attachment') is not null",
            [],
            cancellationToken
        );
        if (!hasFiles)
        {
            return new(0, [], []);
        }

        var names = await session.QueryAsync(
            """
            select store_fname, bool_and(coalesce(url, '') like '/web/assets/%')
              from public.ir_attachment where store_fname is not null group by 1 order by 1
            """,
            [],
            row => (Name: row.GetString(0), IsGenerated: row.GetBoolean(1)),
            cancellationToken
        );
        var (verified, missing, generated) = (
            0L,
            ImmutableArray.CreateBuilder<string>(),
            ImmutableArray.CreateBuilder<string>()
        );
        foreach (var (name, isGenerated) in names)
        {
            if (await FindAsync(name, folders, cancellationToken) is { } folder)
            {
                verified++;
                found(folder, name);
            }
            else
            {
                (isGenerated ? generated : missing).Add(name);
            }
        }

        return new(verified, missing.DrainToImmutable(), generated.DrainToImmutable());
    }

    /// <summary>Of what both folders have, and are not the same files: what is damaged in the second is replaced by the first's, if that is whole.</summary>
    public static async Task MendAsync(string whole, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(whole, "*", SearchOption.AllDirectories))
        {
            var own = Path.Join(folder, Path.GetRelativePath(whole, file));
            if (
                HardLinks.AreOne(file, own)
                || (new FileInfo(own).LinkTarget is null && await IsWholeAsync(own, cancellationToken))
                || !await IsWholeAsync(file, cancellationToken)
            )
            {
                continue;
            }

            var second = own + ".whole";
            File.Delete(second); // of one who was killed here
            Native.TryLink(file, second);
            File.Move(second, own, overwrite: true);
        }
    }

    private static async Task<string?> FindAsync(
        string name,
        IReadOnlyList<string> folders,
        CancellationToken cancellationToken
    )
    {
        foreach (var folder in folders)
        {
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (
                path.StartsWith(folder + "/", StringComparison.Ordinal)
                && File.Exists(path)
                && await IsWholeAsync(path, cancellationToken)
            )
            {
                return folder;
            }
        }

        return null;
    }

    private static async Task<bool> IsWholeAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
#pragma warning disable CA5350 // Odoo's own choice of a name, not ours for a secret
        var hash = await SHA1.HashDataAsync(file, cancellationToken);
#pragma warning restore CA5350
        return string.Equals(Convert.ToHexStringLower(hash), Path.GetFileName(path), StringComparison.Ordinal);
    }
}
