using System.Collections.Immutable;
using Tidegate.ControlPlane.TenantBackups;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.TenantBackups;

/// <summary>Compares a restored database with what its backup says that it held.</summary>
public static class RestoredComparison
{
    /// <summary>One sentence for each difference; none when it is what was backed up.</summary>
    public static async Task<ImmutableArray<string>> RunAsync(
        SitePostgres cluster,
        string database,
        TenantManifest manifest,
        CancellationToken cancellationToken
    )
    {
        await using var snapshot = await TenantSnapshot.OpenAsync(
            cluster,
            database,
            "tidegate comparison",
            cancellationToken
        );
        var restored = await snapshot.FactsAsync(cancellationToken);
        return
        [
            .. Tables(manifest.Database.Tables, await snapshot.TablesAsync(cancellationToken)),
            .. Sequences(manifest.Database.Sequences, restored.Sequences),
            .. Files(manifest, await snapshot.FilesAsync(cancellationToken)),
        ];
    }

    internal static IEnumerable<string> Tables(
        ImmutableArray<TableFingerprint> stored,
        ImmutableArray<TableFingerprint> restored
    )
    {
        var found = restored.ToDictionary(print => print.Table, StringComparer.Ordinal);
        foreach (var print in stored)
        {
            if (!found.Remove(print.Table, out var now))
            {
                yield return $"table {print.Table} was not restored";
            }
            else if (now.Rows != print.Rows)
            {
                yield return FormattableString.Invariant(
                    $"table {print.Table} has {now.Rows} rows instead of {print.Rows}"
                );
            }
            else if (now.Hash != print.Hash)
            {
                yield return FormattableString.Invariant(
                    $"table {print.Table} has other contents in its {print.Rows} rows"
                );
            }
        }

        foreach (var more in found.Keys.Order(StringComparer.Ordinal))
        {
            yield return $"table {more} is there and was not backed up";
        }
    }

    /// <summary>A number that was given out must not be given out again. Numbers are outside every snapshot, so more is right.</summary>
    internal static IEnumerable<string> Sequences(
        ImmutableArray<SequenceMark> stored,
        ImmutableArray<SequenceMark> restored
    )
    {
        var found = restored.ToDictionary(mark => mark.Sequence, mark => mark.Last, StringComparer.Ordinal);
        foreach (var mark in stored)
        {
            if (!found.TryGetValue(mark.Sequence, out var last))
            {
                yield return $"sequence {mark.Sequence} was not restored";
            }
            else if (mark.Last is { } given && (last is not { } now || now < given))
            {
                yield return FormattableString.Invariant(
                    $"sequence {mark.Sequence} is at {last ?? 0} and had given out {given}"
                );
            }
        }
    }

    private static IEnumerable<string> Files(TenantManifest manifest, ImmutableArray<string> wanted)
    {
        var held = manifest.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        return wanted
            .Where(name => !held.Contains(name))
            .Select(name => $"file {name} is counted on by the restored database and was not backed up");
    }
}
