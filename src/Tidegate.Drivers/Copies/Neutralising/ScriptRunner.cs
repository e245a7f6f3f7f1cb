using Npgsql;
using Tidegate.Drivers.Databases;

namespace Tidegate.Drivers.Copies.Neutralising;

/// <summary>
/// Runs a module's script inside the transaction of whoever asks. A script is code of the release: it gets the rights of
/// the tenant's owner role and cannot leave them, because PostgreSQL refuses to change the role inside such a function;
/// nor can it commit.
/// </summary>
internal static class ScriptRunner
{
    private const string Function = "public.tidegate_neutralise";

    public static Task CreateAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            $"""
            create function {Function}(script text) returns void language plpgsql security definer as $body$
            begin
                execute script;
            end $body$
            """,
            cancellationToken
        );

    public static Task RemoveAsync(PostgresSession session, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"drop function {Function}(text)", cancellationToken);

    /// <returns>Null when it went well, otherwise what PostgreSQL said; the transaction is lost then.</returns>
    public static async Task<string?> RunAsync(
        PostgresSession session,
        string script,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await session.ExecuteAsync($"select {Function}($1)", [script], cancellationToken);
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.MessageText;
        }
    }
}
