using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Catalog.Trees;

/// <summary>Where everything of a store lies. The only place that joins these paths.</summary>
/// <remarks>
/// <c>&lt;hex&gt;/tree</c> and <c>&lt;hex&gt;/manifest.json</c>: one bundle · <c>releases/&lt;name&gt;.json</c>: a name
/// for one · <c>tmp/</c>: builds under way. In the store, or in a folder that it shares with others of this machine:
/// <c>objects/</c>: each content once, hard-linked into the trees · <c>index/</c>: what need not be read again.
/// </remarks>
/// <param name="Shared">The folder of <c>objects/</c> and <c>index/</c>; absolute, as the store is.</param>
internal sealed record BundlePaths(string Store, string Shared)
{
    /// <summary>Everybody may read: each pool's own user runs what is in here.</summary>
    public const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public const UnixFileMode FolderMode =
        FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Nothing is shared between file systems: each tree would hold a copy of everything.</summary>
    public static BundlePaths Of(string store, string shared) =>
        new(store, Device(store) == Device(shared) ? shared : store);

    public string Releases => Path.Join(Store, "releases");

    public string Temporary => Path.Join(Store, "tmp");

    public string Hashes => Path.Join(Shared, "index", "hashes");

    public string Checksums => Path.Join(Shared, "index", "checksums");

    public string Bundle(ReleaseDigest digest) => Path.Join(Store, digest.Hex);

    public string Tree(ReleaseDigest digest) => Path.Join(Store, digest.Hex, "tree");

    public string Manifest(ReleaseDigest digest) => Path.Join(Store, digest.Hex, "manifest.json");

    public string Release(string name) => Path.Join(Releases, $"{name}.json");

    /// <summary>A content's one copy. Its mode belongs to the file, so an executable one is another object.</summary>
    public string Object(string hash, bool isExecutable) =>
        Path.Join(Shared, "objects", hash[..2], isExecutable ? $"{hash[2..]}.x" : hash[2..]);

    /// <summary>What an interpreter compiles of a content.</summary>
    public string Compiled(string hash, string tag) =>
        Path.Join(Shared, "objects", hash[..2], $"{hash[2..]}.{tag}.pyc");

    /// <summary>The file system that a folder is on, or will be on once it is made.</summary>
    private static long Device(string folder)
    {
        // The dot is what a link leads to.
        var status = Posix.Find(Path.Join(folder, "."));
        return status?.Identity.Device ?? Device(Path.GetDirectoryName(folder)!);
    }
}
