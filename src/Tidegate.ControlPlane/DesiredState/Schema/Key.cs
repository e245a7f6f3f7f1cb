namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>A key that an object may have.</summary>
/// <param name="Description">One or two sentences for people.</param>
/// <param name="Get">The value of an object; null when it has none.</param>
internal sealed record Key(string Name, ValueKind Kind, string Description, Func<object, object?> Get)
{
    public bool IsRequired { get; init; }

    /// <summary>The value of an object that does not say; null when it then has none.</summary>
    public object? Default { get; init; }
}
