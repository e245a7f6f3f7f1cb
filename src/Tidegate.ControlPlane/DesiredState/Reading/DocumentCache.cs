namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>The files that were read last, by path and content, so that the next reading parses only what changed. As large as one fleet: what a reading does not use is dropped.</summary>
/// <remarks>For one reading at a time; its threads only look things up.</remarks>
public sealed class DocumentCache
{
    private Dictionary<string, (string ContentId, DesiredDocument Document)> current = new(StringComparer.Ordinal);

    internal DesiredDocument? Find(FleetFile file) =>
        file.ContentId is { } id && current.TryGetValue(file.Path, out var known) && known.ContentId == id
            ? known.Document
            : null;

    /// <summary>Keeps these, and drops what they do not name.</summary>
    internal void Replace(IEnumerable<(FleetFile File, DesiredDocument Document)> documents)
    {
        var next = new Dictionary<string, (string, DesiredDocument)>(StringComparer.Ordinal);
        foreach (var (file, document) in documents)
        {
            if (file.ContentId is { } id)
            {
                next[file.Path] = (id, document);
            }
        }

        current = next;
    }
}
