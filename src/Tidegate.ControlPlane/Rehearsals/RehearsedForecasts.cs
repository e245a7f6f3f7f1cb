using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Rehearsals.Prediction;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Rehearsals;

/// <summary>Forecasts of holds for those tenants whose rehearsal of the release still holds.</summary>
public sealed class RehearsedForecasts(RehearsalStore rehearsals, TimeProvider clock) : IHoldForecasts
{
    public async Task<IReadOnlyDictionary<TenantName, HoldForecast>> ReadAsync(
        ReleaseRef release,
        IReadOnlyCollection<ForecastQuestion> tenants,
        CancellationToken cancellationToken
    )
    {
        var forecasts = new Dictionary<TenantName, HoldForecast>();
        var newest = (await rehearsals.NewestAsync(release.Digest, cancellationToken)).ToDictionary(brief =>
            brief.Tenant
        );
        var asked = tenants.Where(tenant => newest.ContainsKey(tenant.Tenant)).ToList();
        foreach (var site in asked.Select(tenant => newest[tenant.Tenant].Site).Distinct().ToList())
        {
            var past = await rehearsals.PastAsync(site, cancellationToken);
            foreach (var tenant in asked.Where(tenant => newest[tenant.Tenant].Site == site))
            {
                if (Of(newest[tenant.Tenant], tenant, release, past) is { } forecast)
                {
                    forecasts[tenant.Tenant] = forecast;
                }
            }
        }

        return forecasts;
    }

    private HoldForecast? Of(
        RehearsalBrief brief,
        ForecastQuestion tenant,
        ReleaseRef release,
        IReadOnlyList<PastCutover> past
    )
    {
        var refusal = RehearsalValidity.Refusal(
            brief,
            tenant.From,
            release.Digest,
            RehearsalValidity.Fingerprint(
                tenant.Installed.Select(module => KeyValuePair.Create(module.Key, (string?)module.Value))
            ),
            RehearsalValidity.DefaultAge,
            clock.GetUtcNow()
        );
        if (refusal is not null || brief.Parts is null)
        {
            return null;
        }

        var prediction = HoldPrediction.Of(brief.Parts, past);
        return new(
            TimeSpan.FromSeconds(prediction.Seconds),
            TimeSpan.FromSeconds(prediction.LowSeconds),
            TimeSpan.FromSeconds(prediction.HighSeconds),
            prediction.Basis
        );
    }
}
