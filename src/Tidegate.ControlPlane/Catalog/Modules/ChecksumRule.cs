using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>
/// Which files of a module count when it is asked whether the module changed: the rule of click-odoo-update and of the
/// module <c>module_auto_update</c>, so that checksums which those tools left in a database are ours too.
/// </summary>
/// <param name="Excluded">Patterns over the path below the module, as Python's <c>fnmatch</c>: <c>*</c> also crosses folders.</param>
/// <param name="Languages">Languages whose translations count, without country (<c>nb</c> for <c>nb_NO</c>); all of them when empty.</param>
public sealed record ChecksumRule(ImmutableArray<string> Excluded, ImmutableSortedSet<string> Languages)
{
    /// <summary>The parameter of <c>ir_config_parameter</c> in which a database keeps its modules' checksums as JSON.</summary>
    public const string InstalledParameter = "module_auto_update.installed_checksums";

    /// <summary>The parameter with a database's own patterns, separated by commas.</summary>
    public const string ExcludedParameter = "module_auto_update.exclude_patterns";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    /// <summary>click-odoo's own patterns, every language.</summary>
    public static ChecksumRule ClickOdoo { get; } =
        new(["*.pyc", "*.pyo", "i18n/*.pot", "i18n_extra/*.pot", "static/*", "tests/*"], []);

    /// <summary>The rule for a database with these active languages (<c>en_US</c>, <c>nb_NO</c>).</summary>
    public ChecksumRule For(IEnumerable<string> languages) =>
        this with
        {
            Languages = [.. languages.Select(language => language.Split('_')[0])],
        };

    /// <summary>What tells this rule from another, as text.</summary>
    internal string Key => $"{string.Join(',', Excluded)};{string.Join(',', Languages)}";

    /// <summary>Answers whether a file counts, by its path below the module.</summary>
    internal Func<string, bool> Counts()
    {
        var patterns = Excluded.Select(Pattern).ToImmutableArray();
        return path => !patterns.Any(pattern => pattern.IsMatch(path)) && (Languages.IsEmpty || Speaks(path));
    }

    private bool Speaks(string path)
    {
        var parts = path.Split('/');
        if (parts is not ["i18n" or "i18n_extra", var name] || !name.EndsWith(".po", StringComparison.Ordinal))
        {
            return true;
        }

        // To Python a name of dots only before ".po" has no extension.
        var language = name[..^".po".Length];
        return language.TrimStart('.').Length == 0 || Languages.Contains(language.Split('_')[0]);
    }

    private static Regex Pattern(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var index = 0; index < pattern.Length; index++)
        {
            var close = pattern[index] == '[' ? pattern.IndexOf(']', Math.Min(index + 2, pattern.Length)) : -1;
            if (close > 0)
            {
                var set = pattern[(index + 1)..close]
                    .Replace(@"\", @"\\", StringComparison.Ordinal)
                    .Replace("[", @"\[", StringComparison.Ordinal);
                regex
                    .Append('[')
                    .Append(
                        set is ['!', ..] ? $"^{set[1..]}"
                        : set is ['^', ..] ? $@"\{set}"
                        : set
                    )
                    .Append(']');
                index = close;
            }
            else
            {
                regex.Append(
                    pattern[index] switch
                    {
                        '*' => ".*",
                        '?' => ".",
                        var other => Regex.Escape(other.ToString()),
                    }
                );
            }
        }

        return new(
            regex.Append(@"\z").ToString(),
            RegexOptions.Singleline | RegexOptions.CultureInvariant,
            LongestMatch
        );
    }
}
