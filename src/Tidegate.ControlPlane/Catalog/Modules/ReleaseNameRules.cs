using System.Text.RegularExpressions;
using Tidegate.ControlPlane.Catalog.Gates;
using Tidegate.ControlPlane.Catalog.Trees;

namespace Tidegate.ControlPlane.Catalog.Modules;

/// <summary>What a release and a module may be called. Both become names of files.</summary>
internal static partial class ReleaseNameRules
{
    /// <summary>What a release's name looks like, as a regular expression without anchors.</summary>
    public const string ReleasePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /// <summary>Null when the name may be used; otherwise one sentence that says what is wrong.</summary>
    public static Refusal? Release(string name) =>
        ReleaseName().IsMatch(name)
            ? null
            : new(
                RefusalKind.Usage,
                $"release name \"{name}\" is not allowed: use 1 to 64 letters, digits, points, hyphens and underscores, beginning with a letter or digit, like 2026.11.2."
            );

    /// <summary>Null when a folder of that name may be a module; otherwise one sentence.</summary>
    public static Refusal? Module(string folder) =>
        ModuleName().IsMatch(Path.GetFileName(folder))
            ? null
            : new(
                RefusalKind.Content,
                $"{folder} holds a manifest, but its name can be no module's: use ASCII letters, digits and underscores.",
                RuleCodes.TreeUnfit
            );

    [GeneratedRegex(@"\A" + ReleasePattern + @"\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReleaseName();

    [GeneratedRegex(@"\A[A-Za-z0-9_]{1,128}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModuleName();
}
