using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Tidegate.ControlPlane.Catalog.Capabilities;

/// <summary>What Tidegate expects of an Odoo series, because it rests on it.</summary>
/// <param name="Options">Configuration keys and flags that it must know.</param>
/// <param name="Removed">Flags that an older series had: where they are, the release is not of this series.</param>
/// <param name="Defaults">Values of options that nobody sets, by key.</param>
/// <param name="Commands">Sub-commands; <c>db dump</c> is an action of one.</param>
/// <param name="Routes">Status by route, to a visitor who is not logged in.</param>
/// <param name="LockTimeout">While modules are loaded.</param>
/// <param name="OldestPython">Major and minor version.</param>
public sealed record SeriesExpectation(
    string Series,
    ImmutableArray<Expected> Options,
    ImmutableArray<Expected> Removed,
    ImmutableArray<Expected> Commands,
    ImmutableArray<ExpectedValue> Defaults,
    ImmutableArray<ExpectedRoute> Routes,
    ImmutableArray<Expected> SessionMethods,
    string SessionStore,
    string SessionFormat,
    string LockTimeout,
    bool FinishesPartialUpdates,
    Version OldestPython
)
{
    private static readonly FrozenDictionary<string, SeriesExpectation> Known = new[]
    {
        Series19.Expectation,
    }.ToFrozenDictionary(series => series.Series, StringComparer.Ordinal);

    /// <summary>The series that Tidegate knows, for people.</summary>
    public static string Names => string.Join(", ", Known.Keys.Order(StringComparer.Ordinal));

    /// <summary>Null for a series that it does not know.</summary>
    public static SeriesExpectation? Of(string series) => Known.GetValueOrDefault(series);
}

/// <summary>A thing that is expected, and what rests on it.</summary>
public sealed record Expected(string Name, string Why);

/// <summary>A value that is expected.</summary>
public sealed record ExpectedValue(string Name, string Value, string Why);

/// <summary>An answer that is expected.</summary>
public sealed record ExpectedRoute(string Name, int Status, string Why);
