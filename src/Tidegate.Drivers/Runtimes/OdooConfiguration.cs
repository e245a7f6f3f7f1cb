using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tidegate.ControlPlane.Configuration;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Runtimes;

/// <summary>The odoo.conf of a generation. No password of a database is in it: PostgreSQL knows the OS user.</summary>
internal static class OdooConfiguration
{
    // Python's ConfigParser takes both.
    private static readonly char[] Separators = ['=', ':'];

    /// <param name="role">The login role: a generation's or the pool's migrator's.</param>
    public static string Of(SiteLayout layout, WantedGeneration wanted, string role, IEnumerable<string> addonsPaths) =>
        Text(
            GenerationSettings.Of(
                new(
                    string.Join(',', addonsPaths),
                    layout.PoolData(wanted.Pool),
                    layout.PostgresSocket,
                    SiteLayout.PostgresPort,
                    role
                ),
                wanted.Workers,
                wanted.Options
            )
        );

    /// <summary>The settings of a file that Odoo reads; a name that comes again counts as the last.</summary>
    public static ImmutableSortedDictionary<string, string> Parse(string text)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.Length > 0 && line[0] is not ('#' or ';' or '[') && line.IndexOfAny(Separators) is > 0 and var end)
            {
                settings[line[..end].TrimEnd()] = line[(end + 1)..].TrimStart();
            }
        }

        return settings.ToImmutable();
    }

    /// <summary>The settings as a file.</summary>
    public static string Text(IEnumerable<OdooSetting> settings)
    {
        var text = new StringBuilder("[options]\n");
        foreach (var (name, value) in settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} = {value}\n");
        }

        return text.ToString();
    }
}
