using System.Collections.Immutable;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>What was done to a copy.</summary>
/// <param name="Series">The series that the database says it has: <c>19.0</c>.</param>
/// <param name="Source">Whose copy it is; <see cref="Neutralisation.ProveAsync"/> compares with it.</param>
/// <param name="Scripts">Modules whose own script was run, in order.</param>
/// <param name="Changes">What our statements changed that no script did: what, and how many rows.</param>
/// <param name="Emptied">Columns of accepted modules that were emptied.</param>
/// <param name="EmptiedParameters">System parameters that look like credentials and were emptied.</param>
/// <param name="Addresses">System parameters that still hold an address of somewhere else.</param>
public sealed record NeutralisationReport(
    string Series,
    CopyIdentity Source,
    ImmutableArray<string> Scripts,
    ImmutableArray<NeutralisedRows> Changes,
    ImmutableArray<string> Emptied,
    ImmutableArray<string> EmptiedParameters,
    ImmutableArray<string> Addresses
);

/// <summary>Rows that one of our statements made harmless.</summary>
public sealed record NeutralisedRows(string What, int Rows);
