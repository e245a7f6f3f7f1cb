using System.Globalization;
using Tidegate.ControlPlane.Jobs;
using Tidegate.ControlPlane.Refreshes;
using Tidegate.ControlPlane.Restores;
using Tidegate.Drivers.Copies;
using Tidegate.Drivers.Copies.Masks;
using Tidegate.Drivers.Copies.Neutralising;
using Tidegate.Drivers.Databases;
using Tidegate.Drivers.Journeys;
using Tidegate.Drivers.Restores;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Refreshes;

/// <summary>Makes of a tenant's state a copy that acts on nobody and shows nobody, and that its staging tenant's journeys can work with.</summary>
internal sealed class SiteStaging(
    SiteLayout layout,
    SitePostgres site,
    Neutralisation neutralisation,
    Masking masking,
    StateFiles files
) : ISiteStaging
{
    private const string BaseUrl = "web.base.url";

    /// <inheritdoc />
    public async Task<StagingLook> LookAsync(StateOrder order, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(
            SitePostgres.Maintenance,
            DatabaseNames.SiteRole,
            cancellationToken
        );
        var bytes = await session.QueryAsync(
            "select pg_database_size(oid) from pg_database where datname = $1",
            [order.Database],
            row => row.GetInt64(0),
            cancellationToken
        );
        var neutral = await ParameterAsync(order.Place.Database, "database.is_neutralized", cancellationToken);
        return new(
            neutral?.ToLowerInvariant() is "true" or "t" or "1",
            bytes is [var size]
                ? size
                : throw new JobFailedException(
                    $"database {order.Database} of {order.Tenant} is not on the site; nothing was changed."
                )
        );
    }

    /// <inheritdoc />
    public async Task<HarmlessState> MakeAsync(
        StateOrder order,
        HarmlessTerms terms,
        CancellationToken cancellationToken
    )
    {
        var password = await PasswordAsync(terms, cancellationToken);
        var address = PublicAddress.Of(
            await ParameterAsync(order.Place.Database, BaseUrl, cancellationToken),
            terms.Hosts
        );
        var state = new StateDatabase(site, order);
        await state.SetOpenAsync(isOpen: true, cancellationToken);
        try
        {
            var copy = new CopyDatabase(site, state.Name);
            var report = await neutralisation.NeutraliseAsync(
                copy,
                terms.Release,
                new() { BaseUrl = address.GetLeftPart(UriPartial.Authority), Accepted = [.. terms.Copy.Accepted] },
                cancellationToken
            );
            var masked = await masking.MaskAsync(
                copy,
                layout.RestoredBy(order.Job),
                new() { KeptLogins = [terms.Profile.JourneyLogin, .. terms.Copy.Logins] },
                cancellationToken
            );
            await SetPasswordsAsync(copy, terms, password, cancellationToken);
            await ProveAsync(copy, terms, report.Source, cancellationToken);
            var fileBytes = await files.SeparateAsync(order, cancellationToken);
            await state.EndSessionsAsync(cancellationToken);
            var (_, bytes) = await state.CloseAsync(cancellationToken);
            return new(
                bytes + fileBytes,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"proven neutral by {report.Scripts.Length} scripts of modules and {report.Changes.Sum(change => change.Rows)} rows of ours, masked in {masked.Rows} rows and {masked.Attachments} attachments"
                )
            );
        }
        catch (CopyRefusedException refused)
        {
            throw new JobFailedException(
                $"{refused.Message} Nothing was changed; what a module keeps is accepted by copyOf.accept in tenants/{order.Place.Tenant}.yaml.",
                refused
            );
        }
    }

    private async Task ProveAsync(
        CopyDatabase copy,
        HarmlessTerms terms,
        CopyIdentity source,
        CancellationToken cancellationToken
    )
    {
        if (
            await neutralisation.ProveAsync(copy, terms.Release, source, cancellationToken) is
            { IsEmpty: false } reasons
        )
        {
            throw new CopyRefusedException(copy.Name, reasons);
        }
    }

    /// <summary>What the masking left is the source's: only those keep it who are named.</summary>
    private static async Task SetPasswordsAsync(
        CopyDatabase copy,
        HarmlessTerms terms,
        string password,
        CancellationToken cancellationToken
    )
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        var users = await session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAsync(
                    "update res_users set password = null where password is not null and login <> all($1)",
                    [terms.Copy.Logins.ToArray()],
                    cancellationToken
                );
                return await session.ExecuteAsync(
                    "update res_users set password = $1 where login = $2 and active",
                    [password, terms.Profile.JourneyLogin],
                    cancellationToken
                );
            },
            cancellationToken
        );
        if (users != 1)
        {
            throw new CopyRefusedException(
                copy.Name,
                [
                    $"it has no active user {terms.Profile.JourneyLogin} as whom the staging tenant's journeys could be made",
                ]
            );
        }
    }

    private async Task<string> PasswordAsync(HarmlessTerms terms, CancellationToken cancellationToken)
    {
        var secret = Path.Combine(layout.Secrets, terms.Profile.JourneySecret);
        return
            File.Exists(secret)
            && (await File.ReadAllTextAsync(secret, cancellationToken)).Trim() is { Length: > 0 } password
            ? password
            : throw new JobFailedException(
                $"the password of {terms.Profile.JourneyLogin} is not in the site's secrets; put it into {secret}. Nothing was changed."
            );
    }

    /// <summary>A system parameter of a database; null where it has none, or is no Odoo database.</summary>
    private async Task<string?> ParameterAsync(string database, string key, CancellationToken cancellationToken)
    {
        await using var session = await site.OpenAsync(database, DatabaseNames.SiteRole, cancellationToken);
        await session.ExecuteAsync("SET default_transaction_read_only = on", cancellationToken);
        if (
            !await session.ScalarAsync<bool>(
                "select to_regclass('public.ir_config_parameter') is not null",
                [],
                cancellationToken
            )
        )
        {
            return null;
        }

        var values = await session.QueryAsync(
            "select value from public.ir_config_parameter where key = $1",
            [key],
            row => row.GetString(0),
            cancellationToken
        );
        return values is [var value] ? value : null;
    }
}
