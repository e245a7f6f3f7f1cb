using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Restores;

/// <summary>Makes a state that was brought a copy under a name of its own, harmless unless it was wanted as it is.</summary>
internal sealed class StateCopy(SitePostgres site, Neutralisation neutralisation)
{
    public async Task<string> KeepAsync(StateOrder order, ReleaseDigest release, CancellationToken cancellationToken)
    {
        var state = new StateDatabase(site, order);
        await state.SetOpenAsync(isOpen: true, cancellationToken);
        var what = order.AsIs ? "as it was" : await NeutraliseAsync(state, release, cancellationToken);
        await state.RenameAsync(order.Into!, cancellationToken);
        return what;
    }

    private async Task<string> NeutraliseAsync(
        StateDatabase state,
        ReleaseDigest release,
        CancellationToken cancellationToken
    )
    {
        var copy = new CopyDatabase(site, state.Name);
        try
        {
            var report = await neutralisation.NeutraliseAsync(
                copy,
                release,
                new NeutralisationTerms(),
                cancellationToken
            );
            var reasons = await neutralisation.ProveAsync(copy, release, report.Source, cancellationToken);
            return reasons.IsEmpty
                ? "neutralised"
                : throw new JobFailedException(
                    $"the copy is not harmless: {string.Join("; ", reasons)}. Nothing was kept; --as-is keeps it as it was."
                );
        }
        catch (CopyRefusedException refused)
        {
            throw new JobFailedException($"{refused.Message} Nothing was kept; --as-is keeps it as it was.", refused);
        }
    }
}
