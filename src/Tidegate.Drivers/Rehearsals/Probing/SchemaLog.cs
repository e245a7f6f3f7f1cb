using System.Collections.Immutable;
using Tidegate.ControlPlane.Rehearsals.Observed;
using Tidegate.Drivers.Odoo;

namespace Tidegate.Drivers.Rehearsals.Probing;

/// <summary>What Odoo's schema logger says: each structure it changes, and what it could not.</summary>
/// <param name="Lines">All of its records, in order, at most <see cref="MostKept"/>.</param>
internal sealed record SchemaLog(ImmutableArray<string> Lines, ImmutableArray<SchemaWarning> Warnings)
{
    private const int MostKept = 2000;

    /// <summary>Reads a migration's log of any size; nothing when there is none.</summary>
    public static async Task<SchemaLog> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var warnings = ImmutableArray.CreateBuilder<SchemaWarning>();
        if (File.Exists(path))
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                if (LogRecord.TryParse(line) is { Logger: "odoo.schema" } record && lines.Count < MostKept)
                {
                    lines.Add(record.Message);
                    if (record.Level is "WARNING" or "ERROR" or "CRITICAL")
                    {
                        warnings.Add(new(record.Level, record.Message));
                    }
                }
            }
        }

        return new(lines.ToImmutable(), warnings.ToImmutable());
    }
}
