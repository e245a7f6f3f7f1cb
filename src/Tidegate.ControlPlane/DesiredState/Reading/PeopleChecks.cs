using System.Globalization;
using Tidegate.ControlPlane.DesiredState.Schema;
using Tidegate.ControlPlane.Policy;

namespace Tidegate.ControlPlane.DesiredState.Reading;

/// <summary>Nobody is two people, whoever is named is there, and what a policy asks for can be met.</summary>
internal static class PeopleChecks
{
    public static void Check(FleetObjects fleet, FirstProblems problems)
    {
        // Of a root that could not be read nothing is known: a name is no second problem then.
        if (fleet.Root is not { Object: Organisation organisation } root)
        {
            return;
        }

        CheckNames(root, organisation.People, problems);
        CheckReferences(fleet, organisation.People, problems);
        foreach (var (document, policy) in fleet.Read<EnvironmentPolicy>(Folders.Policies))
        {
            CheckRequirements(document, policy.Approvals, organisation.People, problems);
        }
    }

    private static void CheckNames(DesiredDocument root, People people, FirstProblems problems)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var item = 0; item < people.All.Length; item++)
        {
            var person = people.All[item];
            foreach (var name in person.Accounts.Prepend(person.Name).Concat(person.Emails).Concat(person.Keys))
            {
                if (!seen.TryAdd(name, person.Name))
                {
                    problems.Add(
                        root,
                        root.PlaceOf("people", item),
                        $"{name} is {seen[name]}'s already: one name is one person's.",
                        "Whoever has two accounts is one person with both."
                    );
                }
            }
        }

        for (var item = 0; item < people.Groups.Length; item++)
        {
            var group = people.Groups[item].Name;
            if (!seen.TryAdd(group, group))
            {
                problems.Add(
                    root,
                    root.PlaceOf("groups", item),
                    $"{group} is the name of another group, person or account.",
                    "Give the group a name of its own."
                );
            }
        }
    }

    private static void CheckReferences(FleetObjects fleet, People people, FirstProblems problems)
    {
        var persons = people.All.Select(person => person.Name).ToHashSet(StringComparer.Ordinal);
        var all = persons.Union(people.Groups.Select(group => group.Name), StringComparer.Ordinal).ToArray();
        foreach (var document in fleet.Documents)
        {
            var known = document == fleet.Root ? [.. persons] : all;
            foreach (var reference in document.References.Where(reference => reference.Folder == MemberKind.Root))
            {
                if (!known.Contains(reference.Name, StringComparer.Ordinal))
                {
                    problems.Add(
                        document,
                        reference.At,
                        $"{FleetLayout.Root} has no {(document == fleet.Root ? "person" : "person or group")} {reference.Name}.",
                        problems.HasRoom ? Suggestions.Nearest(reference.Name, known) : null
                    );
                }
            }
        }
    }

    /// <summary>A requirement that nobody can meet would keep every release out, and say so only when it is needed.</summary>
    private static void CheckRequirements(
        DesiredDocument document,
        ApprovalPolicy approvals,
        People people,
        FirstProblems problems
    )
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var requirement in approvals.Requirements)
        {
            var place = document.PlaceOf("approvals");
            if (!names.Add(requirement.Name))
            {
                problems.Add(document, place, $"two requirements are called {requirement.Name}.");
            }

            if (requirement.Including.Length > requirement.Count)
            {
                problems.Add(
                    document,
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{requirement.Name} counts {requirement.Count} and includes one of each of {requirement.Including.Length}."
                    ),
                    "Raise count: one person counts for one of them."
                );
            }

            var named = requirement.From.Concat(requirement.Including).ToList();
            var able = people.All.Count(person => named.Exists(name => people.Means(name, person.Name)));
            if (able < requirement.Count && named.TrueForAll(people.Has))
            {
                problems.Add(
                    document,
                    place,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{requirement.Name} asks for {requirement.Count} people, and there are {able} in what it names."
                    ),
                    "Add people to the groups, or lower count."
                );
            }
        }
    }
}
