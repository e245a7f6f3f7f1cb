using System.Collections.Immutable;
using Npgsql;
using Tidegate.ControlPlane.Access;
using Tidegate.ControlPlane.Following;
using Tidegate.ControlPlane.Policy;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Why;

/// <summary>How objects stand, and what each waits for. Reads only, one query for each.</summary>
public sealed class WhyStore(NpgsqlDataSource database)
{
    /// <summary>Objects of one kind that one object waits for.</summary>
    private const int Most = 10;

    /// <summary>Every object of that name; a commit also by its first seven digits or more.</summary>
    public async Task<ImmutableArray<WhySubject>> NamedAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with commits as (
                select commit from planned_work union select commit from environment_terms
                union select good_commit from source union select head from source
            )
            select 'tenant/' || name from tenant where name = $1
            union select 'environment/' || environment from pool where environment = $1
            union select 'environment/' || environment from environment_terms where environment = $1
            union select 'release/' || name from release where name = $1
            union select 'release/' || release_name from planned_work where release_name = $1
            union select 'rollout/' || id from rollout where id = $1
            union select 'approval/' || id from approval where id = $1
            union select 'commit/' || commit from commits where $1 ~ '^[0-9a-f]{7,64}$' and starts_with(commit, $1)
            order by 1 limit 20
            """
        );
        command.Bind(name);
        var subjects = ImmutableArray.CreateBuilder<WhySubject>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            subjects.Add(WhySubject.Parse(row.GetString(0))!.Value);
        }

        return subjects.ToImmutable();
    }

    /// <summary>The environment that something belongs to; null where it belongs to none, or there is no such thing.</summary>
    public async Task<string?> EnvironmentOfAsync(WhySubject subject, CancellationToken cancellationToken)
    {
        var query = subject.Kind switch
        {
            WhySubject.Rollout => "select environment from rollout where id = $1",
            WhySubject.Approval => "select environment from approval where id = $1",
            WhySubject.Pool => "select environment from pool where name = $1",
            WhySubject.Generation => "select environment from drift where subject = 'generation/' || $1 limit 1",
            _ => null,
        };
        if (query is null)
        {
            return null;
        }

        await using var command = database.CreateCommand(query);
        command.Bind(subject.Name);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Whether a visible environment asks for something by this commit.</summary>
    public async Task<bool> AsksAsync(string commit, Visible visible, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select exists (select from planned_work where commit = $1 and environment = any($2))
                or exists (select from environment_terms where commit = $1 and environment = any($2))
            """
        );
        command.Bind(commit, visible.Environments ?? []);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async Task<WhyLink?> TenantAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select t.pool, p.environment, r.name, e.release_name, u.rollout, u.state, u.wave, o.release_name, u.reason,
                   case when u.state = 'back' or u.ending in ('rolled_back', 'put_off') then u.back else u.steps end
                        -> u.position ->> 'kind',
                   coalesce(u.step_started_at, u.due_at)
              from tenant t join pool p on p.name = t.pool join release r on r.digest = t.release
              left join environment_terms e on e.environment = p.environment
              left join (upgrade u join rollout o on o.id = u.rollout) on u.tenant = t.name and u.state <> 'ended'
             where t.name = $1
            """
        );
        command.Bind(name);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var (environment, runs, asked) = (row.GetString(1), row.GetString(2), row.Text(3));
        var link = new WhyLink($"tenant/{name}", "") { Beside = [$"pool/{row.GetString(0)}"] };
        if (row.Text(4) is not { } rollout)
        {
            return asked == runs
                ? link with
                {
                    What = $"{name} runs {runs}, as {environment} asks for.",
                }
                : link with
                {
                    What =
                        $"{name} runs {runs}; {(asked is null ? $"git asks for no release in {environment}" : $"{environment} asks for {asked}")}.",
                    WaitsFor = [$"environment/{environment}"],
                };
        }

        var (step, release) = (row.Text(9), row.GetString(7));
        return row.GetString(5) switch
        {
            "pending" => link with
            {
                What = FormattableString.Invariant(
                    $"{name} runs {runs} and waits for its turn in wave {row.GetInt32(6)} of rollout {rollout} of {release}."
                ),
                WaitsFor = [$"rollout/{rollout}"],
            },
            "asking" => link with
            {
                What = $"{name} asks a person: rollout {rollout} of {release} cannot tell what became of step {step}.",
                Blockers =
                [
                    new(
                        link.Subject,
                        "asks-a-person",
                        row.Text(8) ?? $"what became of step {step} is not known.",
                        row.GetFieldValue<DateTimeOffset>(10),
                        null,
                        Clearing.Operator,
                        $"tidegate rollout resume {rollout} --tenant {name}, or tidegate rollout abort {rollout}",
                        $"rollout {rollout}"
                    ),
                ],
            },
            var state => link with
            {
                What =
                    $"rollout {rollout} of {release} works on {name}: step {step}{(state is "back" ? ", on the way back" : "")}.",
            },
        };
    }

    public async Task<WhyLink?> RolloutAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select o.environment, o.release_name, o.outcome, o.reason,
                   count(u.id) filter (where u.state = 'ended')::int, count(u.id) filter (where u.state in ('forward', 'back'))::int,
                   count(u.id) filter (where u.state = 'asking')::int, count(u.id) filter (where u.state = 'pending')::int,
                   coalesce((array_agg(u.tenant order by u.wave, u.ordinal) filter (where u.state = 'asking'))[1:$2], '{}')
              from rollout o left join upgrade u on u.rollout = o.id where o.id = $1 group by o.id
            """
        );
        command.Bind(id, Most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var (environment, subject) = (row.GetString(0), $"rollout/{id}");
        var named = $"Rollout {id} of {row.GetString(1)} in {environment}";
        if (row.Text(2) is { } outcome)
        {
            // What comes after one that went back is its environment's to say.
            return new(subject, $"{named} ended {outcome}{(row.Text(3) is { } reason ? $": {reason}" : "")}.")
            {
                WaitsFor = outcome is "rolled_back" or "halted" ? [$"environment/{environment}"] : [],
            };
        }

        return new(
            subject,
            FormattableString.Invariant(
                $"{named} runs: {row.GetInt32(4)} done, {row.GetInt32(5)} under way, {row.GetInt32(6)} ask a person, {row.GetInt32(7)} not begun."
            )
        )
        {
            WaitsFor = [.. row.GetFieldValue<string[]>(8).Select(tenant => $"tenant/{tenant}")],
        };
    }

    public async Task<WhyLink?> EnvironmentAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select t.release_name, t.commit, t.author, w.state, o.id, o.release_name,
                   case when exists (select from blocker where subject = 'environment/' || e.name and starts_with(code, 'upstream-'))
                        then t.upstream end,
                   exists (select from blocker where subject = $2)
              from (select $1::text as name) e
              left join environment_terms t on t.environment = e.name
              left join rollout o on o.environment = e.name and o.state = 'running' and o.kind = 'release'
                                 and o.superseded_by is null
              left join lateral (select state from planned_work where environment = e.name order by id desc limit 1) w on true
             where t.environment is not null or exists (select from pool where environment = e.name)
             order by o.created_at limit 1
            """
        );
        command.Bind(name, SourceBlockers.Subject);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var asks = row.Text(0) is { } release
            ? $"{name} asks for {release} since commit {Short(row.GetString(1))} by {row.GetString(2)}{(row.Text(3) is { } state ? $" ({state})" : "")}"
            : $"git asks for no release in {name}";
        var running = row.Text(4);
        var upstream = row.IsDBNull(6) ? [] : row.GetFieldValue<string[]>(6);
        return new(
            $"environment/{name}",
            $"{asks}{(running is null ? "" : $"; rollout {running} of {row.GetString(5)} runs there")}."
        )
        {
            WaitsFor =
            [
                .. running is null ? Array.Empty<string>() : [$"rollout/{running}"],
                .. upstream.Take(Most).Select(before => $"environment/{before}"),
                .. row.GetBoolean(7) ? [SourceBlockers.Subject] : Array.Empty<string>(),
            ],
        };
    }

    /// <summary>What is not found may lie outside of what is visible: so it is said.</summary>
    internal static string Where(Visible visible) => visible.IsEverything ? "" : " where your grants reach";

    /// <summary>Null where no visible environment asks for such a release.</summary>
    public async Task<WhyLink?> ReleaseAsync(string name, Visible visible, CancellationToken cancellationToken)
    {
        var asked = await AskedAsync("w.release_name = $1", name, visible, cancellationToken);
        return asked.Count == 0
            ? null
            : new($"release/{name}", $"{name} is asked for in {string.Join(", ", asked.Select(Words))}.")
            {
                WaitsFor = [.. asked.Select(each => $"environment/{each.Environment}")],
            };
    }

    /// <param name="commit">One that is known, whole.</param>
    public async Task<WhyLink> CommitAsync(string commit, Visible visible, CancellationToken cancellationToken)
    {
        var asked = await AskedAsync("w.commit = $1", commit, visible, cancellationToken);
        await using var command = database.CreateCommand(
            "select good_commit is not distinct from $1, head is not distinct from $1 from source"
        );
        command.Bind(commit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var isFollowed = await row.ReadAsync(cancellationToken);
        var (isGood, isHead) = (isFollowed && row.GetBoolean(0), isFollowed && row.GetBoolean(1));
        var says =
            asked.Count > 0 ? $"asks for {string.Join(", ", asked.Select(each => $"{each.Release} in {Words(each)}"))}"
            : isHead && !isGood ? "is where the branch stands, and is not taken"
            : isGood ? $"is in force, and asks for no release that is not done{Where(visible)}"
            : $"asks for nothing that is not done{Where(visible)}";
        return new($"commit/{commit}", $"Commit {Short(commit)} {says}.")
        {
            WaitsFor =
            [
                .. isHead && !isGood ? [SourceBlockers.Subject] : Array.Empty<string>(),
                .. asked.Select(each => $"environment/{each.Environment}"),
            ],
        };
    }

    /// <summary>Null while no repository is followed.</summary>
    public async Task<WhyLink?> SourceAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select branch, good_commit, head from source");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var good = row.Text(1) is { } taken ? $"commit {Short(taken)} is in force" : "no commit was taken yet";
        var head = row.Text(2) is { } stands
            ? $"{row.GetString(0)} stands at {Short(stands)}"
            : "nothing was fetched yet";
        return new(SourceBlockers.Subject, $"The fleet's repository: {good}, {head}.");
    }

    /// <summary>The newest planned work of each visible environment that is not done, where it is this one's.</summary>
    private async Task<IReadOnlyList<Asked>> AskedAsync(
        string whose,
        string value,
        Visible visible,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(
            $"""
            select w.environment, w.release_name, w.state from planned_work w
             where {whose} and w.state in ('waiting', 'started') and ($2::text[] is null or w.environment = any($2))
             order by w.environment, w.id desc limit {Most}
            """
        );
        command.Bind(value, visible.Environments);
        var asked = new List<Asked>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            asked.Add(new(row.GetString(0), row.GetString(1), row.GetString(2)));
        }

        return asked;
    }

    private static string Words(Asked asked) => $"{asked.Environment} ({asked.State})";

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;

    private sealed record Asked(string Environment, string Release, string State);
}
