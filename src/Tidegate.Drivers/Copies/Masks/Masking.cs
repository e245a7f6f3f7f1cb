namespace Tidegate.Drivers.Copies.Masks;

/// <summary>
/// Takes people out of a copy: names, addresses, mails, phones, messages, notes, bank accounts, attachments, logs. What
/// is not known to be structure is masked, a custom module's words among it. One value becomes the same mask everywhere,
/// by a hash whose key is made for this run and kept nowhere: nobody can tell which value it was.
/// </summary>
public sealed class Masking
{
    /// <summary>
    /// Masks the database in one transaction, then rewrites what was touched so that no old row is left on disk, then
    /// removes from the folder what nothing names any more. Killed anywhere it may be run again, and has to be before
    /// anybody sees the copy.
    /// </summary>
    /// <param name="files">
    /// The copy's own filestore; null when it has none. Its files may be hard links to the tenant's: they are unlinked or
    /// replaced, never written to.
    /// </param>
    /// <exception cref="CopyRefusedException">The copy is not neutralised: who masks a live database harms a shop.</exception>
#pragma warning disable CA1822 // registered and asked for like every driver
    public async Task<MaskingReport> MaskAsync(
        CopyDatabase copy,
        string? files,
        MaskingTerms terms,
        CancellationToken cancellationToken
    )
#pragma warning restore CA1822
    {
        var (report, touched) = await MaskingRun.RunAsync(copy, terms, cancellationToken);
        await MaskingRewrite.RunAsync(copy, touched, cancellationToken);
        return files is null
            ? report
            : report with
            {
                RemovedFiles = await MaskedFiles.CompleteAsync(copy, files, cancellationToken),
            };
    }
}
