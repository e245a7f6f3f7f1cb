namespace Tidegate.ControlPlane.Policy;

/// <summary>
/// What a security fix waits less for. Durations alone, and never longer than they are declared: steps, gates, approvals
/// and limits are those of every other release.
/// </summary>
public sealed record ExpeditedPolicy
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>How long it stays upstream at most; null is as long as others.</summary>
    public TimeSpan? Soak { get; init; }

    /// <summary>How long each tenant is watched after opening at most; null is as long as others.</summary>
    public TimeSpan? Bake { get; init; }

    /// <summary>The terms of an environment for the release that it asks for.</summary>
    /// <param name="security">What the release closes, as its file says; null where it is no security fix.</param>
    /// <returns>The same terms where nothing gets shorter.</returns>
    public static EnvironmentTerms Of(EnvironmentTerms terms, string? security)
    {
        var (lane, rules) = (terms.Policy.Expedited, terms.Policy.Rollout);
        var soak = Shorter(terms.Soak, lane.Soak);
        var bake = rules.BakeSeconds is { } declared
            ? Shorter(TimeSpan.FromSeconds(declared), lane.Bake).TotalSeconds
            : rules.BakeSeconds;
        return security is null || (soak == terms.Soak && bake == rules.BakeSeconds)
            ? terms
            : terms with
            {
                Soak = soak,
                Policy = terms.Policy with { Rollout = rules with { BakeSeconds = bake } },
                Expedited = security,
            };
    }

    /// <summary>Never nothing: what was asked for is asked for still.</summary>
    private static TimeSpan Shorter(TimeSpan declared, TimeSpan? most) =>
        most is not { } length || length >= declared ? declared
        : length > Least ? length
        : Least < declared ? Least
        : declared;
}
