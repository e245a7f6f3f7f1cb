namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>Makes the keys of objects of one type.</summary>
/// <param name="blank">An object that says nothing: its values are the defaults.</param>
internal sealed class Keys<T>(T blank)
    where T : class
{
    /// <summary>A key that every object has.</summary>
    public Key Required(string name, ValueKind kind, Func<T, object?> get, string description) =>
        new(name, kind, description, from => get((T)from)) { IsRequired = true };

    /// <summary>A key that may be missing.</summary>
    public Key Optional(string name, ValueKind kind, Func<T, object?> get, string description) =>
        new(name, kind, description, from => get((T)from)) { Default = get(blank) };
}
