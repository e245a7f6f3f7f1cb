namespace Tidegate.ControlPlane.DesiredState;

/// <summary>Where the objects of a fleet are, and how large it may be.</summary>
public static class FleetLayout
{
    /// <summary>The file at the root.</summary>
    public const string Root = "tidegate.yaml";

    /// <summary>One object a file; the file's stem is the object's name.</summary>
    public const string Extension = ".yaml";

    /// <summary>The folder with cases for policies and calendars.</summary>
    public const string PolicyTests = "policy-tests";

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    /// <summary>How many files a fleet may have.</summary>
    public const int MostFiles = 100_000;

    /// <summary>An empty file that keeps a folder in git; the only file that is no object.</summary>
    public const string Placeholder = ".gitkeep";

    /// <summary>How many problems are told; the others are counted.</summary>
    public const int MostProblems = 100;
}
