using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tidegate.ControlPlane.Access;

namespace Tidegate.Server.Roles;

/// <summary>The API as an OpenAPI document, made of the routes themselves: what each takes, and the permission that it asks for.</summary>
internal static class ApiDescription
{
    private const string Path = "/api/openapi.json";

    /// <summary>On each operation: the permission that it needs.</summary>
    private const string PermissionKey = "x-permission";

    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer(TextAsync);
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new() { Title = "Tidegate", Version = "unreleased" };
                    document.Servers = [];
                    document.Tags = null;
                    return Task.CompletedTask;
                }
            );
            options.AddOperationTransformer(
                (operation, context, _) =>
                {
                    operation.Tags?.Clear(); // they would be names of classes
                    operation.AddExtension(PermissionKey, new JsonNodeExtension(Needed(context)));
                    return Task.CompletedTask;
                }
            );
        });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi(Path).Needs(Permission.OwnAccount).AboutNoShop();

    /// <summary>A text that is read by a converter of ours is a text all the same.</summary>
    private static Task TextAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.JsonTypeInfo.Type == typeof(string) && schema.Type is null)
        {
            schema.Type = context.JsonPropertyInfo is { IsSetNullable: true }
                ? JsonSchemaType.String | JsonSchemaType.Null
                : JsonSchemaType.String;
        }

        return Task.CompletedTask;
    }

    private static string Needed(OpenApiOperationTransformerContext context) =>
        context.Description.ActionDescriptor.EndpointMetadata.OfType<Permission>().Last().Name;
}
