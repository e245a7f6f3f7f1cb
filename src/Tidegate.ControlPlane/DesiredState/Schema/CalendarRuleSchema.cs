using System.Collections.Immutable;
using Tidegate.ControlPlane.Calendars;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.DesiredState.Schema;

/// <summary>What a rule of a calendar says.</summary>
internal static class CalendarRuleSchema
{
    private static readonly Keys<WrittenRule> Keys = new(new(""));

    public static readonly ObjectSchema Schema = new(
        "rule",
        "When something holds, of whom, and what then.",
        [
            Keys.Required(
                "name",
                new TextKind(
                    "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
                    NameRules.LongestName,
                    NameRules.NamePattern
                ),
                rule => rule.Name,
                "What it is called: an override names it together with its calendar, retail/black-friday."
            ),
            Keys.Optional(
                "preset",
                new WordKind([.. CalendarPresets.Names]),
                rule => rule.Preset,
                "What retail knows by a name (calendars.md): effect and when come from it where the rule does not say them."
            ),
            Keys.Optional(
                "effect",
                new ChoiceKind<RuleEffect>(RuleEffect.Window, RuleEffect.Freeze, RuleEffect.Peak),
                rule => rule.Effect,
                "While it holds change may start (window), or not (freeze, and peak where the shops trade most)."
            ),
            Keys.Optional(
                "scope",
                new MapKind(CalendarScopeSchema.Schema),
                rule => rule.Scope,
                CalendarScopeSchema.Schema.Description
            ),
            Keys.Optional(
                "when",
                new MapKind(CalendarTimesSchema.Schema),
                rule => rule.When,
                CalendarTimesSchema.Schema.Description
            ),
            Keys.Optional("timeZone", new TimeZoneKind(), rule => rule.TimeZone, "Without it the calendar's."),
            Keys.Optional(
                "gates",
                new ListKind(
                    new ChoiceKind<StartKind>(StartKind.Automatic, StartKind.Manual, StartKind.Healing),
                    least: 1,
                    most: 3
                ),
                rule => rule.Gates.ToImmutableItems(),
                "What it is asked of: what starts by itself, what a person starts, and what makes live state as desired again. The way back is none of them."
            ),
            Keys.Optional(
                "letsFinish",
                new FlagKind(),
                rule => rule.LetsFinish,
                "Whether a tenant that was begun when it might be goes on when the rule comes to stand against it. Otherwise it goes back, unless it has begun to open."
            ),
            Keys.Optional(
                "mostStarts",
                new NumberKind(1, 100_000),
                rule => rule.MostStarts,
                "Of a window: how many tenants may start in one opening of it. Without it any number."
            ),
        ],
        values => new WrittenRule(values.Of<string>("name"))
        {
            Preset = values.Text("preset"),
            Effect = values.Said<RuleEffect>("effect"),
            Scope = values.Of<WrittenScope>("scope"),
            When = values.Of<WrittenTimes?>("when"),
            TimeZone = values.Text("timeZone"),
            Gates = [.. values.Of<ImmutableArray<object>>("gates").Cast<StartKind>()],
            LetsFinish = values.Of<bool>("letsFinish"),
            MostStarts = values.Said<int>("mostStarts"),
            Line = values.At.Line,
        }
    )
    {
        Check = Wrong,
    };

    private static KeyProblem? Wrong(Values rule)
    {
        var preset = rule.Text("preset") is { } name ? CalendarPresets.Find(name) : null;
        return preset is null && !rule.Has("effect")
                ? new(null, "the rule has no effect.", "It is window, freeze or peak, or a preset's.")
            : preset is null && !rule.Has("when")
                ? new(null, "the rule has no when.", "Say when it holds, or name a preset.")
            : rule.Has("mostStarts") && (rule.Said<RuleEffect>("effect") ?? preset?.Effect) is not RuleEffect.Window
                ? new(
                    "mostStarts",
                    "mostStarts is of windows alone.",
                    "Leave it out: nothing starts while a freeze holds."
                )
            : null;
    }
}
