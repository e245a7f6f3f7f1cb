using System.Collections.Immutable;
using Tidegate.Drivers.Runtimes.Processes;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>The files of a masked copy: those that its attachments name, and no other.</summary>
internal static class MaskedFiles
{
    /// <summary>Adds what masked attachments became, then removes what no attachment names. A file is replaced whole or unlinked: it may be a link to the tenant's.</summary>
    /// <returns>How many were removed.</returns>
    public static async Task<int> CompleteAsync(CopyDatabase copy, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var content in new[] { MaskedAttachments.Picture, MaskedAttachments.Words })
        {
            await AddAsync(copy, folder, content, cancellationToken);
        }

        var named = await NamedAsync(copy, cancellationToken);
        var removed = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!named.Contains(Path.GetRelativePath(folder, file)))
            {
                File.Delete(file);
                removed++;
            }
        }

        return removed;
    }

    private static async Task AddAsync(
        CopyDatabase copy,
        string folder,
        ImmutableArray<byte> content,
        CancellationToken cancellationToken
    )
    {
        var name = MaskedAttachments.Checksum(content);
        var path = Path.Combine(folder, name[..2], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync($"{path}.new", [.. content], cancellationToken);
        File.Move($"{path}.new", path, overwrite: true);
        // Whoever owns the folder runs Odoo on it. Never the whole tree: its other files may be the tenant's.
        var answer = await Tool.RunAsync(
            "chown",
            [$"--reference={folder}", Path.GetDirectoryName(path)!, path],
            cancellationToken
        );
        if (answer.ExitCode != 0)
        {
            throw new IOException($"The files of copy {copy.Name} cannot be given to Odoo: {answer.Complaint}.");
        }
    }

    private static async Task<HashSet<string>> NamedAsync(CopyDatabase copy, CancellationToken cancellationToken)
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        return
        [
            .. await session.QueryAsync(
                "select distinct store_fname::text from ir_attachment where store_fname is not null",
                [],
                row => row.GetString(0),
                cancellationToken
            ),
        ];
    }
}
