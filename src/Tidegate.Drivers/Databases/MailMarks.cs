using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.Drivers.Databases;

/// <summary>Notes where the counter of a tenant's mails stands.</summary>
internal static class MailMarks
{
    /// <summary>Null when the database has no mails.</summary>
    public static async Task<MailMark?> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        var isThere = await session.ScalarAsync<bool>(
            "select to_regclass('public.mail_mail') is not null and to_regclass('public.mail_mail_id_seq') is not null",
            [],
            cancellationToken
        );
        return isThere
            ? (
                await session.QueryAsync(
                    """
                    select case when s.is_called then s.last_value else 0 end,
                           (select count(*) from public.mail_mail where state = 'outgoing')
                      from public.mail_mail_id_seq s
                    """,
                    [],
                    row => new MailMark(row.GetInt64(0), row.GetInt64(1)),
                    cancellationToken
                )
            ).Single()
            : null;
    }
}
