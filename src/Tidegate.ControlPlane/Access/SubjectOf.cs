using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tidegate.ControlPlane.Access;

/// <summary>Declared on a route: reads from a request what it is about. Every one of them has to be allowed.</summary>
public sealed record SubjectOf(Func<EndpointFilterInvocationContext, ImmutableArray<AccessSubject>> Read)
{
    /// <summary>Whatever is asked, it is no shop's: any grant of a role that may is enough, wherever it reaches.</summary>
    public static SubjectOf NoShop { get; } = new(_ => [AccessSubject.NoShop]);
}

/// <summary>
/// Declared on a list: whoever may see a part of it is let in, and is shown that part alone. Its handler takes a
/// <see cref="Visible"/>; what the request names nevertheless has to be allowed as everywhere.
/// </summary>
public sealed record ShowsWhatIsVisible
{
    public static ShowsWhatIsVisible Instance { get; } = new();
}

/// <summary>Declares what routes are about. A route that declares nothing is about everything: who may only act on a part is refused there.</summary>
public static class SubjectExtensions
{
    /// <summary>About nothing that is a shop's.</summary>
    public static TBuilder AboutNoShop<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(SubjectOf.NoShop);

    /// <summary>About what whoever asks may see of it, be it nothing.</summary>
    public static TBuilder AboutWhatIsVisible<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(ShowsWhatIsVisible.Instance);

    /// <summary>About what these parts of the path name.</summary>
    public static TBuilder About<TBuilder>(this TBuilder route, SubjectKind kind, params string[] parts)
        where TBuilder : IEndpointConventionBuilder =>
        route.Declare(request =>
            [
                .. parts.Select(part => new AccessSubject(
                    kind,
                    request.HttpContext.GetRouteValue(part)?.ToString() ?? ""
                )),
            ]
        );

    /// <summary>About what the first of these in the query names; about everything where none is there.</summary>
    public static TBuilder AboutQuery<TBuilder>(this TBuilder route, params (string Key, SubjectKind Kind)[] keys)
        where TBuilder : IEndpointConventionBuilder =>
        route.Declare(request =>
        {
            var query = request.HttpContext.Request.Query;
            var found = keys.Where(key => query.ContainsKey(key.Key))
                .Select(key => new AccessSubject(key.Kind, query[key.Key].ToString()))
                .ToImmutableArray();
            return found.IsEmpty ? [AccessSubject.Everything] : found;
        });

    /// <summary>About what the body says.</summary>
    public static TBuilder AboutBody<TBuilder, TBody>(this TBuilder route, Func<TBody, AccessSubject> read)
        where TBuilder : IEndpointConventionBuilder =>
        route.Declare(request =>
            request.Arguments.OfType<TBody>().FirstOrDefault() is { } body ? [read(body)] : [AccessSubject.Everything]
        );

    private static TBuilder Declare<TBuilder>(
        this TBuilder route,
        Func<EndpointFilterInvocationContext, ImmutableArray<AccessSubject>> read
    )
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new SubjectOf(read));
}
