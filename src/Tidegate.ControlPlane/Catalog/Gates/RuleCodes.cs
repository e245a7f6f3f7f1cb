namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Codes of the rules that a build itself enforces.</summary>
internal static class RuleCodes
{
    public const string TreeUnfit = "tree-unfit";
    public const string ManifestUnreadable = "manifest-unreadable";
    public const string VersionIllegal = "version-illegal";
    public const string VersionOtherSeries = "version-other-series";
    public const string AutoInstallTrigger = "auto-install-trigger";
    public const string DependencyMissing = "dependency-missing";
    public const string DependencyCycle = "dependency-cycle";
}
