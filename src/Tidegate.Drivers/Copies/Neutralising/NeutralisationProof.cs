using System.Collections.Immutable;
using Npgsql;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>
/// Asks a copy, reading only, whether anything in it could still act on the world. A table that should be there and is
/// not, or a question that PostgreSQL does not answer, is a reason like any other: nothing passes on absence.
/// </summary>
internal static class NeutralisationProof
{
    private const string Asking = "tidegate_asking";

    /// <summary>In a transaction of its own that cannot write.</summary>
    /// <returns>Why it is not neutral; empty when it is.</returns>
    public static async Task<ImmutableArray<string>> AskAsync(
        CopyDatabase copy,
        ReleaseAddons addons,
        CopyIdentity source,
        CancellationToken cancellationToken
    )
    {
        await using var session = await copy.OpenAsync(cancellationToken);
        return await session.InTransactionAsync(
            async () =>
            {
                await session.ExecuteAsync(
                    "set transaction isolation level repeatable read, read only",
                    cancellationToken
                );
                return await AskAsync(session, addons, source, cancellationToken);
            },
            cancellationToken
        );
    }

    /// <returns>Why it is not neutral; empty when it is.</returns>
    public static async Task<ImmutableArray<string>> AskAsync(
        PostgresSession session,
        ReleaseAddons addons,
        CopyIdentity source,
        CancellationToken cancellationToken
    )
    {
        var reasons = ImmutableArray.CreateBuilder<string>();
        await TryAsync(
            session,
            "which modules are installed",
            async () =>
            {
                var installed = await InstalledModules.ReadAsync(session, cancellationToken);
                if (NeutralisedSeries.Refusal(installed, addons) is { } refusal)
                {
                    reasons.Add(refusal);
                }

                foreach (var question in ProofQuestions.All.Where(question => Applies(question, installed.Series)))
                {
                    await TryAsync(
                        session,
                        $"table {question.Table}",
                        () => AskAsync(session, question, installed, reasons, cancellationToken),
                        reasons,
                        cancellationToken
                    );
                }
            },
            reasons,
            cancellationToken
        );
        await TryAsync(
            session,
            "what it is known by",
            async () => reasons.AddRange(await IdentityAsync(session, source, cancellationToken)),
            reasons,
            cancellationToken
        );
        await TryAsync(
            session,
            "which credentials it holds",
            async () => reasons.AddRange(await CredentialsAsync(session, addons, cancellationToken)),
            reasons,
            cancellationToken
        );
        return reasons.DrainToImmutable();
    }

    private static bool Applies(ProofQuestion question, string series) =>
        NeutralisedSeries.Major(series) is var major && question.Since <= major && major <= question.Until;

    private static async Task AskAsync(
        PostgresSession session,
        ProofQuestion question,
        InstalledModules installed,
        ImmutableArray<string>.Builder reasons,
        CancellationToken cancellationToken
    )
    {
        if (await session.ScalarAsync<bool>("select to_regclass($1) is not null", [question.Table], cancellationToken))
        {
            reasons.AddRange(await session.QueryAsync(question.Sql, [], row => row.GetString(0), cancellationToken));
        }
        else if (question.Module is { } module && installed.Have(module))
        {
            reasons.Add($"module {module} is installed and its table {question.Table} is not there");
        }
    }

    private static async Task<IEnumerable<string>> IdentityAsync(
        PostgresSession session,
        CopyIdentity source,
        CancellationToken cancellationToken
    ) =>
        await CopyIdentity.ReadAsync(session, cancellationToken) is not { } copy
            ? ["it has no database.uuid or no database.secret"]
            : new[]
            {
                copy.Uuid == source.Uuid ? "its database.uuid is its source's" : null,
                copy.SecretHash == source.SecretHash ? "its database.secret is its source's" : null,
                copy.BaseUrl == source.BaseUrl || copy.BaseUrl.Length == 0
                    ? "its web.base.url is its source's, or none"
                    : null,
            }.OfType<string>();

    private static async Task<IEnumerable<string>> CredentialsAsync(
        PostgresSession session,
        ReleaseAddons addons,
        CancellationToken cancellationToken
    )
    {
        var columns = await Credentials.FindAsync(session, addons, cancellationToken);
        var parameters = await Credentials.ParametersAsync(session, cancellationToken);
        return columns
            .Select(column => Credentials.Sentence(column))
            .Concat(parameters.Select(key => $"parameter {key} looks like a credential and holds one"));
    }

    private static async Task TryAsync(
        PostgresSession session,
        string what,
        Func<Task> ask,
        ImmutableArray<string>.Builder reasons,
        CancellationToken cancellationToken
    )
    {
        await session.ExecuteAsync($"savepoint {Asking}", cancellationToken);
        try
        {
            await ask();
            await session.ExecuteAsync($"release savepoint {Asking}", cancellationToken);
        }
        catch (PostgresException exception)
        {
            await session.ExecuteAsync($"rollback to savepoint {Asking}", cancellationToken);
            reasons.Add($"{what} cannot be asked: {exception.MessageText}");
        }
    }
}
