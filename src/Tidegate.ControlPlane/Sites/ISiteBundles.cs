using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Sites;

/// <summary>The bundles that this server's store holds.</summary>
public interface ISiteBundles
{
    /// <summary>Those that are there now, whole.</summary>
    IReadOnlyCollection<ReleaseDigest> Held();
}
