namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>Which files of a tree Python imports, and where it looks for what was compiled of them.</summary>
internal static class PythonFiles
{
    private const string Source = ".py";

    /// <summary>Tests are a third of Odoo, and no shop imports them.</summary>
    public static bool IsImported(string path) =>
        path.EndsWith(Source, StringComparison.Ordinal) && !path.Contains("/tests/", StringComparison.Ordinal);

    /// <summary>PEP 3147: <c>a/b.py</c> is compiled to <c>a/__pycache__/b.cpython-311.pyc</c>.</summary>
    public static string Compiled(string path, string tag)
    {
        var slash = path.LastIndexOf('/') + 1;
        return $"{path[..slash]}__pycache__/{path[slash..^Source.Length]}.{tag}.pyc";
    }
}
