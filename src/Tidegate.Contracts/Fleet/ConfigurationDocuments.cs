using Tidegate.Contracts.Releases;

namespace Tidegate.Contracts.Fleet;

/// <summary>Whether a pool may take a release as it is set.</summary>
/// <param name="Connections">Null when the site does not answer.</param>
/// <param name="Options">What its generations are started with, as Odoo's configuration file names it.</param>
public sealed record PoolConfigurationView(
    string Pool,
    string Release,
    GateView Gate,
    ConnectionsView? Connections,
    IReadOnlyList<OptionView> Options
);

/// <summary>Connections to the site's PostgreSQL at the worst moment.</summary>
/// <param name="Offered">What the cluster lets in.</param>
/// <param name="Parts">What the need is made of.</param>
public sealed record ConnectionsView(int Needed, int Offered, IReadOnlyList<string> Parts);

/// <summary>An option and its value.</summary>
public sealed record OptionView(string Name, string Value);
