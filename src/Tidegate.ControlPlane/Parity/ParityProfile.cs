using System.Collections.Immutable;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.ControlPlane.Parity;

/// <summary>What is compared. In the order in which it is shown.</summary>
public enum ParityAspect
{
    /// <summary>Odoo's own version.</summary>
    Odoo,

    /// <summary>An installed module.</summary>
    Module,

    /// <summary>An option of Odoo.</summary>
    Option,

    /// <summary>The bridge's version.</summary>
    Bridge,

    /// <summary>PostgreSQL's version.</summary>
    Postgres,

    /// <summary>An extension of PostgreSQL.</summary>
    Extension,

    /// <summary>Encoding, collation, character type.</summary>
    Locale,

    /// <summary>The database's time zone, and the tenants'.</summary>
    TimeZone,

    /// <summary>An active language.</summary>
    Language,

    /// <summary>How old the data is.</summary>
    DataAge,
}

/// <summary>Something that is compared: a module by its name, the collation.</summary>
public readonly record struct ParityKey(ParityAspect Aspect, string Name) : IComparable<ParityKey>
{
    public int CompareTo(ParityKey other) =>
        Aspect == other.Aspect ? string.CompareOrdinal(Name, other.Name) : Aspect.CompareTo(other.Aspect);

    public static bool operator <(ParityKey one, ParityKey other) => one.CompareTo(other) < 0;

    public static bool operator >(ParityKey one, ParityKey other) => one.CompareTo(other) > 0;

    public static bool operator <=(ParityKey one, ParityKey other) => one.CompareTo(other) <= 0;

    public static bool operator >=(ParityKey one, ParityKey other) => one.CompareTo(other) >= 0;
}

/// <summary>The tenants that have a value.</summary>
/// <param name="Example">The first of them by name.</param>
public readonly record struct Bearers(int Count, TenantName Example);

/// <summary>
/// An environment as it is compared: by key the values that its tenants have, and how many have each. Its size follows
/// from how much its tenants differ, not from how many they are.
/// </summary>
public sealed class ParityProfile
{
    private readonly SortedDictionary<ParityKey, SortedDictionary<string, Bearers>> _values = [];

    public int Tenants { get; private set; }

    /// <summary>Tenants whose database could not be read.</summary>
    public int Unread { get; private set; }

    /// <summary>Of those that say when their data was brought over, the oldest; null when there is none.</summary>
    public (TenantName Tenant, DateTimeOffset At)? OldestData { get; private set; }

    /// <summary>Tenants that do not say when their data was brought over.</summary>
    public int Undated { get; private set; }

    public IEnumerable<ParityKey> Keys => _values.Keys;

    /// <summary>The values of a key, in order; none when no tenant has it.</summary>
    public IReadOnlyDictionary<string, Bearers> Values(ParityKey key) =>
        _values.TryGetValue(key, out var values) ? values : ImmutableDictionary<string, Bearers>.Empty;

    /// <summary>Goes through the tenants once.</summary>
    public static ParityProfile Of(IEnumerable<TenantParity> tenants)
    {
        var profile = new ParityProfile();
        foreach (var tenant in tenants)
        {
            profile.Add(tenant);
        }

        return profile;
    }

    /// <summary>As it is sent to the server that asked.</summary>
    public ParityShare ToShare() =>
        new(
            Tenants,
            Unread,
            Undated,
            OldestData?.Tenant,
            OldestData?.At,
            [
                .. _values.SelectMany(key =>
                    key.Value.Select(value => new ParityCount(
                        key.Key.Aspect,
                        key.Key.Name,
                        value.Key,
                        value.Value.Count,
                        value.Value.Example
                    ))
                ),
            ]
        );

    /// <summary>Counts a site's share in. The order of shares plays no part.</summary>
    public void Add(ParityShare share)
    {
        Tenants += share.Tenants;
        Unread += share.Unread;
        Undated += share.Undated;
        if (share is { OldestTenant: { } tenant, OldestData: { } at })
        {
            NoteData(tenant, at);
        }

        foreach (var count in share.Counts)
        {
            Note(new(count.Aspect, count.Name), count.Value, new(count.Count, count.Example));
        }
    }

    /// <summary>Counts a tenant in.</summary>
    public void Add(TenantParity tenant)
    {
        Tenants++;
        Note(tenant, ParityAspect.Odoo, "version", tenant.OdooVersion);
        Note(tenant, ParityAspect.Bridge, "version", tenant.Bridge);
        Note(tenant, ParityAspect.TimeZone, $"of tenants: {tenant.TimeZone}", "used");
        foreach (var (name, value) in tenant.Options)
        {
            Note(tenant, ParityAspect.Option, name, value);
        }

        if (tenant.Database is not { } database)
        {
            Unread++;
            return;
        }

        foreach (var (name, value) in tenant.Modules)
        {
            Note(tenant, ParityAspect.Module, name, value);
        }

        Add(tenant, database);
    }

    private void Add(TenantParity tenant, DatabaseParity database)
    {
        Note(tenant, ParityAspect.Postgres, "version", database.PostgresVersion);
        Note(tenant, ParityAspect.Locale, "encoding", database.Encoding);
        Note(tenant, ParityAspect.Locale, "collation", database.Collation);
        Note(tenant, ParityAspect.Locale, "character type", database.CharacterType);
        Note(tenant, ParityAspect.TimeZone, "of the database", database.TimeZone);
        foreach (var (name, version) in database.Extensions)
        {
            Note(tenant, ParityAspect.Extension, name, version);
        }

        foreach (var language in database.Languages)
        {
            Note(tenant, ParityAspect.Language, language, "active");
        }

        if (database.DataAsOf is not { } at)
        {
            Undated++;
        }
        else
        {
            NoteData(tenant.Tenant, at);
        }
    }

    private void NoteData(TenantName tenant, DateTimeOffset at)
    {
        if (
            OldestData is not { } oldest
            || at < oldest.At
            || (at == oldest.At && string.CompareOrdinal(tenant.Value, oldest.Tenant.Value) < 0)
        )
        {
            OldestData = (tenant, at);
        }
    }

    private static TenantName First(TenantName one, TenantName other) =>
        string.CompareOrdinal(one.Value, other.Value) <= 0 ? one : other;

    private void Note(TenantParity tenant, ParityAspect aspect, string name, string? value)
    {
        if (value is not null)
        {
            Note(new(aspect, name), value, new(1, tenant.Tenant));
        }
    }

    private void Note(ParityKey key, string value, Bearers bearers)
    {
        if (!_values.TryGetValue(key, out var values))
        {
            _values[key] = values = new(StringComparer.Ordinal);
        }

        values[value] = values.TryGetValue(value, out var known)
            ? new(known.Count + bearers.Count, First(known.Example, bearers.Example))
            : bearers;
    }
}
