using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Restores;
using Tidegate.IntegrationTests.Backups;

namespace Tidegate.IntegrationTests.Restores;

/// <summary>Where a database is no Odoo's: what makes a copy harmless is that its orders are masked and a table says so. All else is done for real.</summary>
internal sealed class MaskedOrders(SitePostgres site, StateFiles files) : ISiteStaging
{
    public const string Mark = "is_copy";

    public async Task<StagingLook> LookAsync(StateOrder order, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(order.Place.Database, DatabaseNames.SiteRole, cancellationToken);
        return new(
            await session.ScalarAsync<bool>($"select to_regclass('{Mark}') is not null", [], cancellationToken),
            1 << 20
        );
    }

    public async Task<HarmlessState> MakeAsync(
        StateOrder order,
        HarmlessTerms terms,
        CancellationToken cancellationToken
    )
    {
        var state = new StateDatabase(site, order);
        await state.SetOpenAsync(isOpen: true, cancellationToken);
        await BackedUpSite.ExecuteAsync(
            site,
            state.Name,
            $"set role {Sql.Name(state.Owner)}",
            "update sale_order set note = 'masked'",
            $"create table {Mark} ()"
        );
        var bytes = await files.SeparateAsync(order, cancellationToken);
        await state.EndSessionsAsync(cancellationToken);
        await state.CloseAsync(cancellationToken);
        return new(bytes + (1 << 20), "masked");
    }
}
