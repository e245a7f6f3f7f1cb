using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Tidegate.ControlPlane.Access;

/// <summary>
/// What of a list whoever asks may see: everything, or these environments and these tenants. What belongs to neither is
/// seen by those alone who see everything.
/// </summary>
public sealed class Visible
{
    private readonly FrozenSet<string> _environments;
    private readonly FrozenSet<string> _tenants;

    private Visible(bool isEverything, IEnumerable<string> environments, IEnumerable<string> tenants)
    {
        IsEverything = isEverything;
        _environments = environments.ToFrozenSet(StringComparer.Ordinal);
        _tenants = tenants.ToFrozenSet(StringComparer.Ordinal);
    }

    public static Visible Everything { get; } = new(isEverything: true, [], []);

    public static Visible Nothing { get; } = Only([], []);

    public bool IsEverything { get; }

    /// <summary>Those that are seen with all that is in them; null for all there are, as queries take it.</summary>
    public string[]? Environments => IsEverything ? null : [.. _environments];

    /// <summary>Null for all there are, as queries take it.</summary>
    public string[]? Tenants => IsEverything ? null : [.. _tenants];

    public static Visible Only(IEnumerable<string> environments, IEnumerable<string> tenants) =>
        new(isEverything: false, environments, tenants);

    public bool HasEnvironment(string name) => IsEverything || _environments.Contains(name);

    public bool HasTenant(string name) => IsEverything || _tenants.Contains(name);

    /// <summary>Nothing, until the filter that asks who may what has put in what is: a list that forgets to say that it filters shows nothing.</summary>
    public static ValueTask<Visible> BindAsync(HttpContext context) => ValueTask.FromResult(Nothing);
}
