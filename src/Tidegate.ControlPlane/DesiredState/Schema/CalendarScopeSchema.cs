using Tidegate.ControlPlane.Calendars;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>Of whom a rule of a calendar speaks.</summary>
internal static class CalendarScopeSchema
{
    private const int MostNames = 1000;

    private static readonly ListKind Names = new(
        new TextKind("a name, with * for any characters and ? for any one", 64, "[a-z0-9*?-]+"),
        most: MostNames
    );

    private static readonly Keys<WrittenScope> Keys = new(new());

    public static readonly ObjectSchema Schema = new(
        "scope",
        "Of whom it speaks: who fits every list that is there. Where nobody knows a release's class or risk, what speaks of some closes to it and lets it in nowhere.",
        [
            Keys.Optional(
                "environments",
                Names,
                scope => scope.Environments.ToImmutableItems(),
                "Of these environments."
            ),
            Keys.Optional("sites", Names, scope => scope.Sites.ToImmutableItems(), "On these sites."),
            Keys.Optional("pools", Names, scope => scope.Pools.ToImmutableItems(), "In these pools."),
            Keys.Optional("tenants", Names, scope => scope.Tenants.ToImmutableItems(), "These tenants."),
            Keys.Optional("tags", TagsKind.Expression, scope => scope.Tags, "Tenants with these tags."),
            Keys.Optional(
                "classes",
                new ListKind(new WordKind("A", "B", "C", "D", "E"), most: 5),
                scope => scope.Classes.ToImmutableItems(),
                "Releases of these classes: what they do to a database, the stronger of what analysis proposed and rehearsals proved."
            ),
            Keys.Optional(
                "risks",
                new ListKind(new WordKind("low", "normal", "high"), most: 3),
                scope => scope.Risks.ToImmutableItems(),
                "Releases of these risks, as their files say."
            ),
            Keys.Optional(
                "match",
                new ChoiceKind<ScopeCombination>(ScopeCombination.All, ScopeCombination.Any),
                scope => scope.Match,
                "Whether one list that fits is enough (any)."
            ),
        ],
        values => new WrittenScope
        {
            Environments = values.Items<string>("environments"),
            Sites = values.Items<string>("sites"),
            Pools = values.Items<string>("pools"),
            Tenants = values.Items<string>("tenants"),
            Tags = values.Text("tags"),
            Classes = values.Items<string>("classes"),
            Risks = values.Items<string>("risks"),
            Match = values.Of<ScopeCombination>("match"),
        }
    );
}
