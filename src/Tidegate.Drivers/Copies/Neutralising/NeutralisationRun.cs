using System.Collections.Immutable;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>One neutralisation, inside the transaction of its session.</summary>
internal sealed class NeutralisationRun(
    PostgresSession session,
    string database,
    ReleaseAddons addons,
    NeutralisationTerms terms
)
{
    /// <exception cref="CopyRefusedException">It cannot be done; nothing was changed.</exception>
    public static async Task<NeutralisationReport> RunAsync(
        CopyDatabase copy,
        ReleaseAddons addons,
        NeutralisationTerms terms,
        CancellationToken cancellationToken
    )
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        return await session.InTransactionAsync(
            () => new NeutralisationRun(session, copy.Name, addons, terms).DoAsync(cancellationToken),
            cancellationToken
        );
    }

    private async Task<NeutralisationReport> DoAsync(CancellationToken cancellationToken)
    {
        var source =
            await CopyIdentity.ReadAsync(session, cancellationToken)
            ?? throw Refused("it has no database.uuid or no database.secret, so that nothing tells it from its source");
        var installed = await InstalledModules.ReadAsync(session, cancellationToken);
        if (NeutralisedSeries.Refusal(installed, addons) is { } refusal)
        {
            throw Refused(refusal);
        }

        var known = await KnownByAsync(source, cancellationToken);
        var scripts = await RunScriptsAsync(installed, cancellationToken);
        var changes = await RunOwnAsync(NeutralisedSeries.Major(installed.Series), cancellationToken);
        var emptied = await EmptyCredentialsAsync(cancellationToken);
        await CopyParameters.RenewAsync(session, terms.BaseUrl ?? NowhereOf(database), cancellationToken);
        var parameters = await CopyParameters.EmptyCredentialsAsync(session, cancellationToken);
        var addresses = await CopyParameters.AddressesAsync(session, cancellationToken);
        var reasons = await NeutralisationProof.AskAsync(session, addons, known, cancellationToken);
        return reasons.IsEmpty
            ? new(installed.Series, source, scripts, changes, emptied, parameters, addresses)
            : throw new CopyRefusedException(database, reasons);
    }

    /// <summary>What it must not be known by afterwards. A copy that was neutralised before keeps its address.</summary>
    private async Task<CopyIdentity> KnownByAsync(CopyIdentity source, CancellationToken cancellationToken) =>
        await session.ScalarAsync<bool>(
            "select exists (select from ir_config_parameter where key = 'database.is_neutralized' and lower(value) in ('true', 't', '1'))",
            [],
            cancellationToken
        )
            ? source with
            {
                BaseUrl = "",
            }
            : source;

    private async Task<ImmutableArray<string>> RunScriptsAsync(
        InstalledModules installed,
        CancellationToken cancellationToken
    )
    {
        // A module whose code is not here may have a script that nobody sees.
        var missing = installed.Names.Where(module => !addons.Has(module));
        if (missing.ToList() is { Count: > 0 } unseen)
        {
            throw Refused(
                $"the release lacks installed modules ({string.Join(", ", unseen)}), and what they would run"
            );
        }

        var ran = ImmutableArray.CreateBuilder<string>();
        await ScriptRunner.CreateAsync(session, cancellationToken);
        foreach (var module in installed.Names)
        {
            if (await addons.ScriptAsync(module, cancellationToken) is not { } script)
            {
                continue;
            }

            if (await ScriptRunner.RunAsync(session, script, cancellationToken) is { } complaint)
            {
                throw Refused($"the script of module {module} failed: {complaint}");
            }

            ran.Add(module);
        }

        await ScriptRunner.RemoveAsync(session, cancellationToken);
        return ran.DrainToImmutable();
    }

    private async Task<ImmutableArray<NeutralisedRows>> RunOwnAsync(int series, CancellationToken cancellationToken)
    {
        var changes = ImmutableArray.CreateBuilder<NeutralisedRows>();
        foreach (var statement in OwnStatements.For(series))
        {
            if (await AppliesAsync(statement, cancellationToken))
            {
                var rows = await session.ExecuteAsync(statement.Sql, cancellationToken);
                if (rows > 0)
                {
                    changes.Add(new(statement.What, rows));
                }
            }
        }

        return changes.DrainToImmutable();
    }

    private async Task<bool> AppliesAsync(OwnStatement statement, CancellationToken cancellationToken)
    {
        var columns = await session.QueryAsync(
            """
            select attname::text from pg_attribute
             where attrelid = to_regclass('public.' || quote_ident($1)) and attnum > 0 and not attisdropped
            """,
            [statement.Table],
            row => row.GetString(0),
            cancellationToken
        );
        return columns.Length > 0
            && (
                statement.Columns.Except(columns, StringComparer.Ordinal).ToList() is { Count: > 0 } missing
                    ? throw Refused(
                        $"its table {statement.Table} has no {string.Join(", ", missing)}: it is not the one that is known"
                    )
                    : true
            );
    }

    private async Task<ImmutableArray<string>> EmptyCredentialsAsync(CancellationToken cancellationToken)
    {
        var emptied = ImmutableArray.CreateBuilder<string>();
        foreach (var column in await Credentials.FindAsync(session, addons, cancellationToken))
        {
            var known = column.IsPassing || CredentialNames.Emptied.Contains(column.Name);
            if (known || IsAccepted(column))
            {
                await Credentials.EmptyAsync(session, column, cancellationToken);
                emptied.Add(column.Name);
            }
        }

        return emptied.DrainToImmutable();
    }

    private bool IsAccepted(CredentialColumn column) =>
        terms.Accepted.Contains(column.Name) || column.Modules.Any(terms.Accepted.Contains);

    /// <summary>An address that leads nowhere.</summary>
    private static string NowhereOf(string name) =>
        $"http://{name.Replace('_', '-').Trim('-').ToLowerInvariant()}.invalid";

    private CopyRefusedException Refused(string reason) => new(database, [reason]);
}
