namespace Tidegate.ControlPlane.Protection;

/// <summary>Databases that are one tenant's: its own, and those that cutovers and ways back make of it.</summary>
internal static class DatabaseFamily
{
    /// <summary>The tenant's own name of a database that is called NAME or NAME__WHAT: no tenant's own has two underscores in a row.</summary>
    public static string Of(string database) =>
        database.IndexOf("__", StringComparison.Ordinal) is > 0 and var at ? database[..at] : database;
}
