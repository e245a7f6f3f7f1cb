namespace Tidegate.ControlPlane.Fleet;

/// <summary>Names a generation for people, in meters and at the gateway: pool and the beginning of the digest.</summary>
public static class GenerationName
{
    public static string Of(PoolName pool, ReleaseDigest digest) => $"{pool}-{digest.Short}";
}
