namespace Tidegate.ControlPlane.Fleet;

/// <summary>Something that people call by a name.</summary>
public interface INamed<TName>
    where TName : struct, IName<TName>
{
    TName Name { get; }
}
