namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>Unwinds the parser; never leaves <see cref="PythonLiteral"/>.</summary>
internal sealed class PythonSyntaxException(PythonPosition at, string message) : Exception(message)
{
    public PythonPosition At { get; } = at;
}
