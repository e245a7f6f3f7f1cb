using System.Text.Json.Nodes;

namespace Tidegate.Demo.Traffic;

/// <summary>What a shop sells and to whom, as seen before the traffic began.</summary>
/// <param name="Pictures">Path of a product's picture → its fingerprint then.</param>
internal sealed record ShopAssortment(
    IReadOnlyList<int> Products,
    IReadOnlyList<int> Customers,
    IReadOnlyList<KeyValuePair<string, string>> Pictures
)
{
    private const int ProductsSeen = 12;
    private const int CustomersSeen = 5;

    /// <exception cref="InvalidOperationException">The shop has nothing to sell, or nobody to sell to.</exception>
    public static async Task<ShopAssortment> SeeAsync(
        Browser browser,
        RpcClient program,
        CancellationToken cancellationToken
    )
    {
        var products = await program.FindAsync(
            "product.product",
            [new JsonArray("sale_ok", "=", true), new JsonArray("is_storable", "=", true)],
            ProductsSeen,
            cancellationToken
        );
        // Not the companies of the shop itself: Odoo would send those goods through its transit location.
        var customers = await program.FindAsync(
            "res.partner",
            [new JsonArray("customer_rank", ">", 0)],
            CustomersSeen,
            cancellationToken
        );
        if (products.Count == 0 || customers.Count == 0)
        {
            throw new InvalidOperationException("A shop for the traffic needs a product for sale and a customer.");
        }

        var pictures = new List<KeyValuePair<string, string>>();
        foreach (var product in products)
        {
            var path = $"/web/image/product.product/{product}/image_128";
            if (await browser.LoadImageAsync(path, _ => null, cancellationToken) is { } picture)
            {
                pictures.Add(new(path, Expected.Fingerprint(picture)));
            }
        }

        // What several products share is Odoo's placeholder for a missing picture. A shop without pictures shows that.
        var shown = pictures
            .GroupBy(picture => picture.Value, StringComparer.Ordinal)
            .Where(same => same.Count() == 1)
            .Select(same => same.Single())
            .ToArray();
        return new(products, customers, shown.Length > 0 ? shown : pictures);
    }
}
