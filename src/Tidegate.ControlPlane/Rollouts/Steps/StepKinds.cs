using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The short, stable kind of every step type, as <see cref="Step"/> lists them.</summary>
public static class StepKinds
{
    private static readonly FrozenDictionary<Type, string> Kinds = typeof(Step)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToFrozenDictionary(derived => derived.DerivedType, derived => (string)derived.TypeDiscriminator!);

    public static IEnumerable<Type> Types => Kinds.Keys;

    public static string Of(Step step) => Kinds[step.GetType()];
}
