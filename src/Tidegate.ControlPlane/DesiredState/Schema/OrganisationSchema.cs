namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>tidegate.yaml</c> says.</summary>
internal static class OrganisationSchema
{
    public static readonly Organisation Example = new("Nordic Outdoor");

    private static readonly Keys<Organisation> Keys = new(Example);

    public static readonly ObjectSchema Schema = new(
        "fleet",
        "The root of a fleet, tidegate.yaml: whose fleet it is.",
        [
            Keys.Required(
                "organisation",
                new TextKind("a name of at most 100 letters", 100),
                organisation => organisation.Name,
                "Whose fleet this is, for people."
            ),
        ],
        values => new Organisation(values.Of<string>("organisation"))
    );
}
