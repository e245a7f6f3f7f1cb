using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Objectives;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>The files of a fleet by folder and name, before it is known whether they fit together.</summary>
internal sealed class FleetObjects
{
    private readonly Dictionary<string, Dictionary<string, DesiredDocument>> byFolder = new(StringComparer.Ordinal);

    public FleetObjects(IReadOnlyList<DesiredDocument> documents)
    {
        Documents = documents;
        foreach (var known in FleetSchema.Objects)
        {
            byFolder.Add(known.Folder?.Name ?? "", new(StringComparer.Ordinal));
        }

        foreach (var document in documents)
        {
            var slash = document.Path.IndexOf('/', StringComparison.Ordinal);
            if (byFolder.TryGetValue(slash < 0 ? "" : document.Path[..slash], out var folder))
            {
                folder[document.Name] = document;
            }
        }
    }

    /// <summary>In the order of their paths.</summary>
    public IReadOnlyList<DesiredDocument> Documents { get; }

    /// <summary>The root's file; null when there is none.</summary>
    public DesiredDocument? Root => byFolder[""].GetValueOrDefault("");

    /// <summary>What a folder holds, by name, whether it could be read or not.</summary>
    public IReadOnlyDictionary<string, DesiredDocument> In(ObjectFolder folder) => byFolder[folder.Name];

    /// <summary>What a folder holds, by name, whether it could be read or not.</summary>
    public IReadOnlyDictionary<string, DesiredDocument> In(string folder) => byFolder[folder];

    /// <summary>Those that could be read, in the order of their names.</summary>
    public IEnumerable<(DesiredDocument Document, T Object)> Read<T>(ObjectFolder folder)
        where T : class
    {
        foreach (var document in byFolder[folder.Name].Values)
        {
            if (document.Object is T made)
            {
                yield return (document, made);
            }
        }
    }

    /// <summary>Null when it is not there or could not be read.</summary>
    public T? Find<T>(ObjectFolder folder, string name)
        where T : class => byFolder[folder.Name].GetValueOrDefault(name)?.Object as T;

    /// <summary>Only for files without a problem.</summary>
    public DesiredFleet ToFleet() =>
        new(
            (Organisation)byFolder[""][""].Object!,
            new(All<DesiredSite>(Folders.Sites)),
            new(All<DesiredEnvironment>(Folders.Environments)),
            new(All<DesiredPool>(Folders.Pools)),
            new(All<DesiredTenant>(Folders.Tenants)),
            new(All<DesiredRelease>(Folders.Releases)),
            new(All<EnvironmentPolicy>(Folders.Policies)),
            new(All<RecoveryObjective>(Folders.Objectives)),
            new(All<TradingCalendar>(Folders.Calendars))
        )
        {
            PolicyTests = new(All<PolicyTest>(Folders.PolicyTests)),
        };

    private IEnumerable<T> All<T>(ObjectFolder folder)
        where T : class => Read<T>(folder).Select(read => read.Object);
}
