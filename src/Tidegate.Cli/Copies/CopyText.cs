using System.CommandLine;
using System.Globalization;
using Tidegate.Contracts.Copies;

namespace Tidegate.Cli.Copies;

/// <summary>Copies for people.</summary>
internal static class CopyText
{
    public static async Task WriteAsync(ParseResult parsed, CopyList list)
    {
        TextTable.Write(
            parsed.Output(),
            ["KIND", "TENANT", "SITE", "SIZE", "ENDS", "MASKED", "OWNER", "PURPOSE", "COPY"],
            list.Copies.Select(Row)
        );
        foreach (var silent in list.Silent)
        {
            await parsed.Error().WriteLineAsync($"Checkpoints of site {silent.Site} are missing: {silent.Reason}");
        }
    }

    public static string Ends(DateTimeOffset? end) =>
        end?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";

    private static IReadOnlyList<string> Row(CopyView copy) =>
        [
            copy.Kind,
            copy.Tenant,
            copy.Site,
            string.Create(CultureInfo.InvariantCulture, $"{copy.Bytes >> 20} MB"),
            Ends(copy.ExpiresAt),
            copy.IsMasked ? "yes" : "no",
            copy.Owner,
            copy.IsInUse ? $"{copy.Purpose} (in use)" : copy.Purpose,
            copy.Id,
        ];
}
