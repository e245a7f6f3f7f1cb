namespace Tidegate.ControlPlane.Promotion.Gates;

/// <summary>Who can clear what a gate says.</summary>
internal static class Clearing
{
    public const string Nobody = "nobody, it passes";
    public const string Operator = "an operator";
    public const string Makers = "whoever makes the release";
    public const string Author = "the author of the commit";
}
