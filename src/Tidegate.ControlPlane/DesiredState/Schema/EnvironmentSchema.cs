using Tidegate.ControlPlane.Fleet;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>environments/NAME.yaml</c> says.</summary>
internal static class EnvironmentSchema
{
    public static readonly DesiredEnvironment Example = new(new EnvironmentName("production"))
    {
        Release = new("2026.11.2"),
        Upstream = [new EnvironmentName("staging")],
        Soak = TimeSpan.FromHours(24),
        Policy = new PolicyName("careful"),
    };

    private static readonly Keys<DesiredEnvironment> Keys = new(new(default));

    public static readonly ObjectSchema Schema = new(
        "environment",
        "A group of pools that gets its releases together: staging, production.",
        [
            Keys.Optional(
                "release",
                new ReferenceKind(Folders.Releases),
                environment => environment.Release?.Value,
                "The release that its tenants should run. A commit that changes it is how a release goes out. Without it nothing is asked for."
            ),
            Keys.Optional(
                "upstream",
                new ListKind(new ReferenceKind(Folders.Environments), most: 20),
                environment => environment.Upstream.Select(name => (object)name.Value).ToImmutableItems(),
                "Environments in which the very same digest must have been verified before it may enter here; all of them."
            ),
            Keys.Optional(
                "soak",
                new DurationKind(TimeSpan.FromDays(365)),
                environment => environment.Soak,
                "How long the digest must have stayed upstream, healthy and without a break, since it was verified there."
            ),
            Keys.Optional(
                "policy",
                new ReferenceKind(Folders.Policies),
                environment => environment.Policy?.Value,
                "The policy that its changes follow. Without it every key of a policy has its default."
            ),
        ],
        values => new DesiredEnvironment(new EnvironmentName(values.Name))
        {
            Release = values.Text("release") is { } release ? new ReleaseName(release) : null,
            Upstream = [.. values.Items<string>("upstream").Select(name => new EnvironmentName(name))],
            Soak = values.Of<TimeSpan>("soak"),
            Policy = values.Text("policy") is { } policy ? new PolicyName(policy) : null,
            Lines = values.Lines(),
        }
    );
}
