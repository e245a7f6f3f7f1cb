namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>Compiles Python ahead of the processes that import it.</summary>
public interface IPythonCompiler
{
    /// <summary>Whose bytecode it is, as in the file's name: <c>cpython-311</c>. Null where there is no interpreter.</summary>
    string? Tag { get; }

    /// <summary>
    /// Writes <c>__pycache__/NAME.TAG.pyc</c> beside each file, which Python takes without looking at the source again.
    /// A file that is no valid Python gets none.
    /// </summary>
    /// <param name="tree">Absolute; what is written does not depend on it.</param>
    /// <param name="files">Paths below the tree.</param>
    /// <exception cref="IOException">The interpreter did not do its work; the message has what it said.</exception>
    void Compile(string tree, IReadOnlyCollection<string> files, CancellationToken cancellationToken);
}
