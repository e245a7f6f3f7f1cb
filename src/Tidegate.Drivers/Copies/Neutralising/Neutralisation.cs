using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>
/// Makes a copy of a tenant's database harmless, and proves it: it sends nothing, fetches nothing, runs nothing by
/// itself, pays nothing, and is not known by its source's name. All of it happens in one transaction or nothing does.
/// </summary>
/// <remarks>
/// An update of modules may bring back what was taken out (records that Odoo creates or enables anew): after the last
/// one of a copy both calls are made again. Until <see cref="ProveAsync"/> gave no reason, no process of Odoo may reach
/// the copy.
/// </remarks>
public sealed class Neutralisation(SiteLayout layout)
{
    /// <summary>
    /// Runs the scripts that the installed modules of the release bring for that, then our own statements for what they
    /// leave live, gives the copy an identity and an address of its own, and asks whether it is neutral now. Running it
    /// again is no error: the copy gets another identity.
    /// </summary>
    /// <param name="release">The release whose modules are installed in the copy; in the site's store.</param>
    /// <returns>What was done. Its <see cref="NeutralisationReport.Source"/> is the identity that the copy had: of the first call it is the source's, to be kept for the proof.</returns>
    /// <exception cref="CopyRefusedException">It cannot be made neutral; nothing was changed. Each reason is named.</exception>
    /// <exception cref="Runtimes.Processes.ProcessStartException">The release is not in the site's store.</exception>
    public Task<NeutralisationReport> NeutraliseAsync(
        CopyDatabase copy,
        ReleaseDigest release,
        NeutralisationTerms terms,
        CancellationToken cancellationToken
    ) => NeutralisationRun.RunAsync(copy, ReleaseAddons.Find(layout, release), terms, cancellationToken);

    /// <summary>Asks, in a transaction that cannot write, whether anything in the copy could still act on the world.</summary>
    /// <param name="source">What the copy must not be known by: <see cref="CopyIdentity.ReadAsync(CopyDatabase, CancellationToken)"/> of its source, or the first report's.</param>
    /// <returns>Why it is not neutral, one sentence each; empty when it is.</returns>
    /// <exception cref="CopyRefusedException">It is no Odoo database.</exception>
    public Task<ImmutableArray<string>> ProveAsync(
        CopyDatabase copy,
        ReleaseDigest release,
        CopyIdentity source,
        CancellationToken cancellationToken
    ) => NeutralisationProof.AskAsync(copy, ReleaseAddons.Find(layout, release), source, cancellationToken);
}
