using System.Collections.Immutable;
using System.Text.Json;
using Tidegate.ControlPlane.Backups;

namespace Tidegate.Drivers.Backups;

/// <summary>Reads what <c>pgbackrest info --output=json</c> prints.</summary>
internal static class BackupInfo
{
    /// <summary>The annotation that names the job which made a backup.</summary>
    public const string JobAnnotation = "job";

    public static ImmutableArray<ClusterBackup> Backups(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Entries(document).Select(Backup)];
    }

    /// <summary>Of an answer about one backup.</summary>
    public static ImmutableArray<BackedUpDatabase> Databases(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. Entries(document)
                .SelectMany(backup =>
                    backup.TryGetProperty("database-ref", out var databases)
                    && databases.ValueKind is JsonValueKind.Array
                        ? databases.EnumerateArray()
                        : []
                )
                .Select(database => new BackedUpDatabase(
                    database.GetProperty("name").GetString()!,
                    database.GetProperty("oid").GetInt64()
                )),
        ];
    }

    private static IEnumerable<JsonElement> Entries(JsonDocument document) =>
        document
            .RootElement.EnumerateArray()
            .SelectMany(stanza => stanza.TryGetProperty("backup", out var backups) ? backups.EnumerateArray() : []);

    private static ClusterBackup Backup(JsonElement backup)
    {
        var (position, segment) = (backup.GetProperty("lsn"), backup.GetProperty("archive"));
        var (moment, info) = (backup.GetProperty("timestamp"), backup.GetProperty("info"));
        return new(
            backup.GetProperty("label").GetString()!,
            backup.GetProperty("type").GetString() switch
            {
                "full" => BackupType.Full,
                "diff" => BackupType.Differential,
                _ => BackupType.Incremental,
            },
            DateTimeOffset.FromUnixTimeSeconds(moment.GetProperty("start").GetInt64()),
            DateTimeOffset.FromUnixTimeSeconds(moment.GetProperty("stop").GetInt64()),
            WalPosition.Parse(position.GetProperty("start").GetString()!),
            WalPosition.Parse(position.GetProperty("stop").GetString()!),
            WalSegment.Parse(segment.GetProperty("start").GetString()!),
            WalSegment.Parse(segment.GetProperty("stop").GetString()!),
            info.GetProperty("size").GetInt64(),
            info.GetProperty("repository").GetProperty("delta").GetInt64(),
            backup.GetProperty("prior").GetString(),
            backup.GetProperty("reference") is { ValueKind: JsonValueKind.Array } references
                ? [.. references.EnumerateArray().Select(label => label.GetString()!)]
                : [],
            backup.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.True,
            backup.TryGetProperty("annotation", out var notes) && notes.TryGetProperty(JobAnnotation, out var job)
                ? job.GetString()
                : null
        );
    }
}
