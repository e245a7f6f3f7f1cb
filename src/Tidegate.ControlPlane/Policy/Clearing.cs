namespace Tidegate.ControlPlane.Policy;

/// <summary>Who can clear what a gate says, or a blocker.</summary>
internal static class Clearing
{
    public const string Nobody = "nobody, it passes";
    public const string Operator = "an operator";
    public const string Makers = "whoever makes the release";
    public const string SiteOperator = "whoever runs the site";
    public const string Author = "the author of the commit";
}
