using Microsoft.Extensions.DependencyInjection;
using Tidegate.ControlPlane.Restores;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Approvals;

public static class ApprovalsSetup
{
    /// <summary>Needs policy, catalogue, rehearsals, following and rollouts.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services) =>
        services
            .AddSingleton<ApprovalStore>()
            .AddSingleton<DelegationStore>()
            .AddSingleton<AuthorReader>()
            .AddSingleton<ApprovalReader>()
            .AddSingleton<IApprovedLoss, ApprovedLossStore>()
            .AddSingleton<ApprovalDesk>()
            .AddSingleton<DelegationDesk>()
            .AddSingleton<ApprovalWorkGates>()
            .AddSingleton<IWorkGates>(provider => provider.GetRequiredService<ApprovalWorkGates>());
}
