using System.Collections.Immutable;
using System.CommandLine;
using Tidegate.ControlPlane.Drift;
using Tidegate.ControlPlane.Fleet;
using Tidegate.Drivers.Sites;
using Tidegate.Server.Roles;

namespace Tidegate.Server.Commands;

internal static class ServerCommand
{
    public static Command Create()
    {
        var home = new Option<DirectoryInfo>("--home") { Description = "The site's home folder", Required = true };
        var lease = new Option<double>("--lease")
        {
            Description = "Seconds after which the work of a silent replica is taken over",
            DefaultValueFactory = _ => 15,
        };
        lease.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 1 and <= 600))
            {
                result.AddError("--lease is 1 to 600 seconds.");
            }
        });
        var sites = new Option<string?>("--sites")
        {
            Description = "Names of the sites whose work it does, with commas between (default: the home's own)",
        };
        sites.Validators.Add(result =>
        {
            if (Names(result.GetValueOrDefault<string?>()) is { } names && Refusal(names) is { } refusal)
            {
                result.AddError(refusal);
            }
        });
        var drift = new Option<double>("--drift-interval")
        {
            Description = "Seconds between two comparisons of live state with what it should be",
            DefaultValueFactory = _ => new DriftOptions().Interval.TotalSeconds,
        };
        drift.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 5 and <= 86400))
            {
                result.AddError("--drift-interval is 5 to 86400 seconds.");
            }
        });
        var command = new Command(
            "server",
            "Run the control plane of a site: API and rollout engine\n\nExample: tidegate server --home /srv/tidegate"
        )
        {
            home,
            lease,
            sites,
            drift,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                ServerRole.RunAsync(
                    new SiteLayout(Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(home).FullName)),
                    Names(parsed.GetValue(sites)),
                    TimeSpan.FromSeconds(parsed.GetValue(lease)),
                    new DriftOptions { Interval = TimeSpan.FromSeconds(parsed.GetValue(drift)) },
                    cancellationToken
                )
        );
        return command;
    }

    private static ImmutableArray<SiteName>? Names(string? sites) =>
        sites is null
            ? null
            :
            [
                .. sites
                    .Split(',', StringSplitOptions.TrimEntries)
                    .Distinct(StringComparer.Ordinal)
                    .Select(SiteName.Create),
            ];

    private static string? Refusal(ImmutableArray<SiteName> names) =>
        names.Select(name => NameRules.Refusal("site", name.Value)).FirstOrDefault(refusal => refusal is not null);
}
