using Tidegate.ControlPlane.DesiredState.Yaml;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What is gathered while one file is read: its problems, and what it refers to.</summary>
/// <param name="name">The object's name, the stem of its file.</param>
internal sealed class DocumentReading(string name, DocumentProblems problems)
{
    private readonly List<Reference> references = [];

    public string Name { get; } = name;

    public DocumentProblems Problems { get; } = problems;

    public IReadOnlyList<Reference> References => references;

    public void Refer(Reference reference) => references.Add(reference);
}

/// <summary>A place that names another object.</summary>
/// <param name="Folder">The folder that the object must be in.</param>
internal sealed record Reference(string Folder, string Name, Place At);
