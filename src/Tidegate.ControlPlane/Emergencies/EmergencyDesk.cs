using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Rollouts;

namespace Tidegate.ControlPlane.Emergencies;

/// <summary>Words that are said of emergencies. Stored.</summary>
internal static class EmergencyWords
{
    public const string Seconded = "seconded";
    public const string Halted = "halted";
    public const string Closed = "closed";
}

/// <summary>What came of saying something of an emergency.</summary>
public abstract record EmergencyResult
{
    private EmergencyResult() { }

    public sealed record Said(Emergency Emergency) : EmergencyResult;

    public sealed record Unknown : EmergencyResult;

    /// <summary>Nothing was changed; the refusal is in the ledger.</summary>
    public sealed record Refused(string What, string Next) : EmergencyResult;
}

/// <summary>Takes what people say of emergencies. Whoever began one neither seconds nor reviews it.</summary>
public sealed class EmergencyDesk(EmergencyStore store, EnvironmentTermsStore terms, TimeProvider clock)
{
    private const int LongestList = 200;

    public Task<IReadOnlyList<Emergency>> ListAsync(Visible visible, CancellationToken cancellationToken) =>
        store.ListAsync(visible, LongestList, cancellationToken);

    public Task<Emergency?> FindAsync(EmergencyId id, CancellationToken cancellationToken) =>
        store.FindAsync(id, cancellationToken);

    /// <summary>A second person says yes: it goes on.</summary>
    public Task<EmergencyResult> SecondAsync(
        EmergencyId id,
        string by,
        bool isService,
        string? reason,
        CancellationToken cancellationToken
    ) =>
        SayAsync(
            id,
            EmergencyWords.Seconded,
            new(by, clock.GetUtcNow(), reason),
            isService,
            emergency =>
                emergency.SecondUntil is null ? $"nobody has to second {id}."
                : emergency.Halted is not null ? $"{id} was halted."
                : null,
            cancellationToken
        );

    /// <summary>Ends the review: ordinary releases go on.</summary>
    public Task<EmergencyResult> CloseAsync(
        EmergencyId id,
        string by,
        bool isService,
        string reason,
        CancellationToken cancellationToken
    ) =>
        SayAsync(
            id,
            EmergencyWords.Closed,
            new(by, clock.GetUtcNow(), reason),
            isService,
            emergency =>
                emergency.IsRunning ? $"its rollout {emergency.Rollout} has not ended."
                : emergency.Closed is { } closed ? $"{closed.By} has closed it."
                : null,
            cancellationToken
        );

    private async Task<EmergencyResult> SayAsync(
        EmergencyId id,
        string said,
        EmergencyWord word,
        bool isService,
        Func<Emergency, string?> refusal,
        CancellationToken cancellationToken
    )
    {
        if (await store.FindAsync(id, cancellationToken) is not { } emergency)
        {
            return new EmergencyResult.Unknown();
        }

        var people =
            (await terms.FindAsync(emergency.Environment, cancellationToken))?.Policy.Approvals.People ?? People.Nobody;
        var why =
            isService ? $"{word.By} is a service account."
            : Person(people, word.By) == Person(people, emergency.By)
                ? $"{Person(people, word.By)} began emergency {id}: somebody else has to look."
            : refusal(emergency);
        if (why is not null)
        {
            await store.RefusedAsync(word.By, $"emergency {id} {said}: {why}", word.At, cancellationToken);
            return new EmergencyResult.Refused(why, $"tidegate emergency show {id}");
        }

        await store.SayAsync(emergency, said, word, cancellationToken);
        return new EmergencyResult.Said((await store.FindAsync(id, cancellationToken))!);
    }

    private static string Person(People people, string account) => people.OfAccount(account)?.Name ?? account;
}
