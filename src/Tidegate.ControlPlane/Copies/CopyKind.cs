namespace Tidegate.ControlPlane.Copies;

/// <summary>What a copy is for.</summary>
public enum CopyKind
{
    /// <summary>The files that a filestore had before an upgrade.</summary>
    Generation,
    Rehearsal,
    Drill,

    /// <summary>Rows written out before a way back took them.</summary>
    Export,

    /// <summary>The database of a tenant that is a copy of another: until it is refreshed.</summary>
    Staging,

    /// <summary>A restore that was not put in the tenant's place.</summary>
    Restored,

    /// <summary>What a restore was put in the place of.</summary>
    Replaced,
}
