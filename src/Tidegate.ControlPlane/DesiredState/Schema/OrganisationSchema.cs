using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What <c>tidegate.yaml</c> says.</summary>
internal static class OrganisationSchema
{
    public static readonly Organisation Example = new("Nordic Outdoor")
    {
        People = new(
            [
                new("ann") { Accounts = ["ann-admin"], Emails = ["ann@outdoor.example"] },
                new("bo") { Keys = [$"SHA256:{new string('b', 43)}"] },
                new("cy") { Accounts = ["os/1000"] },
            ],
            [new("shop-managers", ["ann", "bo", "cy"]), new("safety", ["cy"])]
        ),
    };

    private static readonly Keys<Organisation> Keys = new(new Organisation(""));

    public static readonly ObjectSchema Schema = new(
        "fleet",
        "The root of a fleet, tidegate.yaml: whose fleet it is, and who agrees to changes of it.",
        [
            Keys.Required(
                "organisation",
                new TextKind("a name of at most 100 letters", 100),
                organisation => organisation.Name,
                "Whose fleet this is, for people."
            ),
            Keys.Optional(
                "people",
                PeopleSchema.People,
                organisation => organisation.People.All.ToImmutableItems(),
                "Who may be asked to agree. One person with several accounts, addresses or keys is one entry."
            ),
            Keys.Optional(
                "groups",
                PeopleSchema.Groups,
                organisation => organisation.People.Groups.ToImmutableItems(),
                "Named lists of these people, for policies."
            ),
        ],
        values => new Organisation(values.Of<string>("organisation"))
        {
            People = new(values.Items<Person>("people"), values.Items<Group>("groups")),
        }
    );
}
