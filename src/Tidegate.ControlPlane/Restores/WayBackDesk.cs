using System.Globalization;
using Tidegate.Contracts.Restores;
using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Restores;

/// <summary>Shows the three kinds of way back of a tenant side by side: what each takes back, costs now, and rests on.</summary>
public sealed class WayBackDesk(FleetStore fleet, RestoreDesk restores)
{
    /// <summary>Null when there is no such tenant.</summary>
    public async Task<WayBackView?> ShowAsync(TenantName tenant, string actor, CancellationToken cancellationToken)
    {
        if ((await fleet.FindAsync([tenant], cancellationToken)).SingleOrDefault() is not { } member)
        {
            return null;
        }

        var priced = await restores.PriceAsync(
            new(tenant, "checkpoint", null, LossAcceptance.None),
            actor,
            cancellationToken
        );
        return new(tenant.Value, member.Release.Name, [Application(), Data(tenant, priced), Environment(member)]);
    }

    /// <summary>Nothing but a rehearsal shows whether the old code works on the new schema.</summary>
    private static WayView Application() =>
        new(
            "application",
            "the release's image alone, on the data as it is",
            IsPossible: false,
            Proven: null,
            "no data; not proven: no rehearsal has run the earlier release on this schema",
            IsWindowOpen: null,
            Rows: null,
            Command: null
        );

    private static WayView Data(TenantName tenant, RestoreAnswer answer)
    {
        if (answer is not RestoreAnswer.Priced priced)
        {
            var why = answer switch
            {
                RestoreAnswer.Unknown unknown => unknown.What,
                RestoreAnswer.Silent silent => silent.Reason,
                _ => "it cannot be told",
            };
            return new(
                "data",
                "this tenant alone, back to a checkpoint or to a point in time",
                IsPossible: false,
                Proven: null,
                $"not known: {why}",
                IsWindowOpen: null,
                Rows: null,
                $"tidegate tenant restore {tenant} --to TIME --price-only"
            );
        }

        var window = SafeWriteWindow.Of(priced.Price);
        return new(
            "data",
            $"this tenant alone, back to {priced.Description}",
            IsPossible: true,
            "its files are verified before it begins, and it goes back unharmed if its journeys fail",
            window.IsOpen
                ? $"nothing: {priced.Price.Sentence}"
                : $"{priced.Price.Sentence}; the window is closed: {string.Join(", ", window.Reasons)}",
            window.IsOpen,
            priced.Price.Rows,
            $"tidegate tenant restore {tenant} --to {priced.Target}"
        );
    }

    private static WayView Environment(FleetMember member) =>
        new(
            "environment",
            string.Create(CultureInfo.InvariantCulture, $"all of site {member.Pool.Site} on a new cluster"),
            IsPossible: false,
            Proven: null,
            "every tenant of the site loses what was written since the last archived segment of its log; not proven: no drill has done it",
            IsWindowOpen: null,
            Rows: null,
            Command: null
        );
}
