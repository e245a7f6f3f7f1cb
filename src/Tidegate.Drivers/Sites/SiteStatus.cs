namespace Tidegate.Drivers.Sites;

/// <summary>How a site is.</summary>
/// <param name="State"><c>up</c>: all that is wanted runs · <c>degraded</c>: some of it does not · <c>down</c>: nothing is wanted and nothing runs · <c>stopping</c>: not wanted, and something still runs.</param>
/// <param name="Address">Where shops are served; null before the first start.</param>
/// <param name="Server">The control plane's address, for <c>TIDEGATE_SERVER</c>.</param>
/// <param name="Name">The site's name; null before the first start.</param>
/// <param name="Control">The home that holds the control plane's database; null before the first start.</param>
public sealed record SiteStatus(
    string Home,
    string State,
    string? Address,
    string Server,
    IReadOnlyList<SiteProcessStatus> Processes,
    string? Name = null,
    string? Control = null
);

/// <summary>One process of a site.</summary>
/// <param name="Pid">Null when it does not run.</param>
/// <param name="Log">The file or folder with what it says.</param>
public sealed record SiteProcessStatus(
    string Name,
    bool Wanted,
    int? Pid,
    DateTimeOffset? StartedAt,
    string? Detail,
    string? Log
);
