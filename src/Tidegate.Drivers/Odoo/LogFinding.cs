namespace Tidegate.Drivers.Odoo;

/// <summary>One telling line of a migration's log.</summary>
/// <param name="Subject">What it speaks of, where it names something: modules, <c>table.column</c>, a constraint; else empty.</param>
/// <param name="Record">The record itself.</param>
public sealed record LogFinding(LogPhrase Phrase, string Subject, LogRecord Record);
