namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A folder of a fleet with one object a file.</summary>
/// <param name="Name"><c>tenants</c>.</param>
/// <param name="Noun"><c>tenant</c>.</param>
/// <param name="NamePattern">What the objects may be called.</param>
internal sealed record ObjectFolder(string Name, string Noun, string NamePattern, int LongestName)
{
    /// <summary>The file of an object.</summary>
    public string FileOf(string name) => $"{Name}/{name}{FleetLayout.Extension}";
}
