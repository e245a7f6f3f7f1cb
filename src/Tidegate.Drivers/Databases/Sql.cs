namespace Tidegate.Drivers.Databases;

/// <summary>Text for statements that take no parameters (DDL). The only place that quotes.</summary>
internal static class Sql
{
    /// <summary>A name as PostgreSQL reads it back unchanged, whatever it contains.</summary>
    public static string Name(string identifier) =>
        $"\"{Clean(identifier).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string constant; the escape form, so that a backslash means one whatever <c>standard_conforming_strings</c> says.</summary>
    public static string Text(string value) =>
        $"E'{Clean(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Clean(string value) =>
        value.Contains('\0', StringComparison.Ordinal)
            ? throw new ArgumentException("A name or text for PostgreSQL cannot contain a zero byte.", nameof(value))
            : value;
}
