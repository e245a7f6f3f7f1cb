using Npgsql;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Approvals;

/// <summary>What was approved with the plan that took a tenant to its release. A start that went past approvals has approved nothing.</summary>
public sealed class ApprovedLossStore(NpgsqlDataSource database) : IApprovedLoss
{
    public async Task<long> OfAsync(TenantName tenant, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with last as (
                select r.id, r.environment, r.plan_hash, r.created_at
                  from upgrade u join rollout r on r.id = u.rollout
                 where u.tenant = $1 and r.kind = 'release' order by r.created_at desc limit 1
            )
            select a.loss_limit from last l join approval a on a.environment = l.environment and a.plan_hash = l.plan_hash
             where a.asked_at <= l.created_at
               and exists (select from approval_statement s where s.approval = a.id and s.said = 'approved')
             order by a.asked_at desc limit 1
            """
        );
        command.Bind(tenant.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is long limit ? limit : 0;
    }
}
