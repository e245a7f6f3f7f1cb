using Tidegate.Drivers.Odoo;
using Tidegate.IntegrationTests.Fixtures;

namespace Tidegate.IntegrationTests.Odoo;

/// <summary>The catalogue's questions on a real PostgreSQL, over Odoo's own tables in their smallest form.</summary>
public sealed class CatalogueReaderTests(PostgresCluster cluster) : IClassFixture<PostgresCluster>
{
    private const string Schema = """
        CREATE TABLE ir_module_module (name varchar, state varchar, latest_version varchar);
        CREATE TABLE ir_model (id serial PRIMARY KEY, model varchar);
        CREATE TABLE ir_model_fields (model varchar, name varchar, ttype varchar, relation varchar,
                                      required boolean, store boolean, index boolean);
        CREATE TABLE ir_model_constraint (name varchar, type varchar, definition varchar, model int);
        CREATE TABLE ir_sequence (id int, code varchar, implementation varchar, active boolean, use_date_range boolean);
        CREATE TABLE ir_ui_view (id int, key varchar, mode varchar, priority int, inherit_id int, arch_db jsonb, active boolean);
        CREATE TABLE res_partner (id serial PRIMARY KEY);
        CREATE TABLE sale_order (id serial PRIMARY KEY, name varchar NOT NULL, code varchar, partner_id int REFERENCES res_partner,
                                 CONSTRAINT sale_order_name_unique UNIQUE (name));
        CREATE INDEX sale_order_partner_id_index ON sale_order (partner_id);
        CREATE SEQUENCE ir_sequence_007;
        INSERT INTO ir_module_module VALUES ('sale', 'installed', '19.0.1.0'), ('crm', 'uninstalled', null), ('pos', 'to upgrade', '19.0.1.0');
        INSERT INTO ir_model (model) VALUES ('sale.order');
        INSERT INTO ir_model_fields VALUES
            ('sale.order', 'name', 'char', null, true, true, false),
            ('sale.order', 'code', 'char', null, false, true, false),
            ('sale.order', 'partner_id', 'many2one', 'res.partner', false, true, true),
            ('sale.order', 'picture', 'binary', null, false, true, false);
        INSERT INTO ir_model_constraint VALUES ('sale_order_name_unique', 'u', 'unique(name)', 1);
        INSERT INTO ir_sequence VALUES (7, 'sale.order', 'standard', true, false);
        INSERT INTO ir_ui_view VALUES (1, 'a', 'primary', 16, null, '{"en_US": "<form/>"}', true);
        INSERT INTO sale_order (name) VALUES ('S1'), ('S2');
        """;

    [Fact]
    public async Task A_database_that_holds_what_its_models_ask_for_has_no_gap()
    {
        var catalogue = await ReadAsync("whole", "");

        Assert.Empty(catalogue.Gaps);
        Assert.Equal("character varying not null", catalogue.Columns["sale_order.name"]);
        Assert.Equal(new ModuleState("to upgrade", "19.0.1.0"), catalogue.Modules["pos"]);
        Assert.False(catalogue.Modules.ContainsKey("crm"));
    }

    [Theory]
    [InlineData(
        "nulls",
        "UPDATE ir_model_fields SET required = true WHERE name = 'code'",
        GapKind.NotNull,
        "sale_order.code"
    )]
    [InlineData("col", "ALTER TABLE sale_order DROP COLUMN code", GapKind.Column, "sale_order.code")]
    [InlineData(
        "cons",
        "ALTER TABLE sale_order DROP CONSTRAINT sale_order_name_unique",
        GapKind.Constraint,
        "sale_order.sale_order_name_unique"
    )]
    [InlineData(
        "fk",
        "ALTER TABLE sale_order DROP CONSTRAINT sale_order_partner_id_fkey",
        GapKind.ForeignKey,
        "sale_order.partner_id"
    )]
    [InlineData("idx", "DROP INDEX sale_order_partner_id_index", GapKind.Index, "sale_order.partner_id")]
    [InlineData(
        "valid",
        "ALTER TABLE sale_order ADD CONSTRAINT later CHECK (name <> 'S1') NOT VALID",
        GapKind.ConstraintValidation,
        "sale_order.later"
    )]
    [InlineData("seq", "DROP SEQUENCE ir_sequence_007", GapKind.Sequence, "ir_sequence_007")]
    public async Task What_is_missing_is_found(string database, string change, GapKind kind, string name)
    {
        var catalogue = await ReadAsync(database, change);

        Assert.Equal((kind, name), Assert.Single(catalogue.Gaps).Key);
    }

    [Fact]
    public async Task Rows_without_a_value_are_counted_for_new_gaps_only()
    {
        var first = await ReadAsync("counted", "");
        var after = await ReadAsync("counted", "UPDATE ir_model_fields SET required = true WHERE name = 'code'", first);
        var again = await ReadAsync("counted", "", after);

        Assert.Equal(2, Assert.Single(after.Gaps).Rows);
        Assert.Null(Assert.Single(again.Gaps).Rows);
    }

    [Fact]
    public async Task A_changed_view_changes_the_fingerprint()
    {
        var before = await ReadAsync("views", "");
        var after = await ReadAsync("views", "UPDATE ir_ui_view SET arch_db = '{}'");

        Assert.Contains("views changed", CatalogueComparison.Compare(before, after).Changes, StringComparer.Ordinal);
    }

    private async Task<Catalogue> ReadAsync(string database, string change, Catalogue? known = null)
    {
        if (await cluster.ScalarAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{database}'") is null)
        {
            await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {database}");
            await cluster.ExecuteAsync(database, Schema);
        }

        if (change.Length > 0)
        {
            await cluster.ExecuteAsync(database, change);
        }

        await using var connection = await cluster.OpenAsync(database);
        return await CatalogueReader.ReadAsync(connection, known, TestContext.Current.CancellationToken);
    }
}
