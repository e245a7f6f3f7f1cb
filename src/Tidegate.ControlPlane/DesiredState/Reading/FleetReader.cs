namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Reads the files of a fleet as the fleet that they describe, or says everything that is wrong with them.</summary>
public static class FleetReader
{
    /// <param name="cache">What the last reading left, or null. One changed file then costs one parse and the checks across files.</param>
    /// <exception cref="IOException">The place cannot be listed. A file that cannot be read is a problem of the fleet.</exception>
    public static FleetReading Read(IFleetFiles files, DocumentCache? cache, CancellationToken cancellationToken)
    {
        var listed = FileChoice.Of(files.List());
        var documents = new DesiredDocument[listed.Count];
        Parallel.For(
            0,
            listed.Count,
            new ParallelOptions
            {
                CancellationToken = cancellationToken,
                MaxDegreeOfParallelism = Environment.ProcessorCount,
            },
            index =>
                documents[index] =
                    listed[index].Refused ?? cache?.Find(listed[index].File) ?? Read(files, listed[index])
        );
        cache?.Replace(listed.Zip(documents, (chosen, document) => (chosen.File, document)));

        var problems = new FirstProblems();
        foreach (var document in documents)
        {
            problems.Add(document);
        }

        var objects = new FleetObjects(documents);
        FleetChecks.Check(objects, problems);
        return problems.Count == 0
            ? new FleetReading.Good(objects.ToFleet())
            : new FleetReading.Broken(problems.First, problems.Count);
    }

    private static DesiredDocument Read(IFleetFiles files, ChosenFile chosen)
    {
        try
        {
            return DesiredDocument.Read(chosen.File.Path, chosen.Name, chosen.Schema!, files.Read(chosen.File).Span);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A folder that changes while it is read, or rights: the operator's to clear.
            return DesiredDocument.Unread(chosen.File, chosen.Name, $"the file cannot be read: {unreadable.Message}");
        }
    }
}
