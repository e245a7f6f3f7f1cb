namespace Tidegate.Drivers.Copies.Masks;

/// <summary>What was masked.</summary>
/// <param name="Columns">How many columns of <paramref name="Tables"/> tables.</param>
/// <param name="Rows">Rows that were touched, each counted once.</param>
/// <param name="Attachments">Those whose content was replaced.</param>
/// <param name="RemovedFiles">Files that nothing in the copy names any more.</param>
public sealed record MaskingReport(int Tables, int Columns, long Rows, int Attachments, int RemovedFiles);
