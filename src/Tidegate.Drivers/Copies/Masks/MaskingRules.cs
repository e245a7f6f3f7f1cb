using System.Text.RegularExpressions;

namespace Tidegate.Drivers.Copies.Masks;

/// <summary>
/// Which column holds words of people. The default is that it does: what is kept is listed, and a field of a module that
/// is not Odoo's own is never on the list, in whichever table it is.
/// </summary>
internal static class MaskingRules
{
    public static MaskKind KindOf(TextColumn column) =>
        IsStructure(column) ? MaskKind.Keep
        : column.Type is "json" or "jsonb" ? MaskKind.Json
        : column.Type is not ("varchar" or "text" or "bpchar" or "citext") ? MaskKind.Nothing
        : column.FieldType is "html" ? MaskKind.Html
        : Emails.IsMatch(column.Column) ? MaskKind.Email
        : Phones.IsMatch(column.Column) ? MaskKind.Phone
        : Addresses.IsMatch(column.Column) ? MaskKind.Address
        : MaskKind.Words;

    /// <summary>Whether a table holds how the shop is set up, and not whom it deals with.</summary>
    public static bool IsSetUp(string table) => SetUp.IsMatch(table) && !People.IsMatch(table);

    private static bool IsStructure(TextColumn column) =>
        IsChosen(column.FieldType)
        || Tables.IsMatch(column.Table)
        || (
            column.IsOdoos
            && (IsSetUp(column.Table) || Structure.IsMatch(column.Column) || Documents.IsMatch(column.Name))
        );

    /// <summary>One of a few values that code knows, or no text at all.</summary>
    private static bool IsChosen(string? type) =>
        type
            is "selection"
                or "reference"
                or "many2one"
                or "many2one_reference"
                or "boolean"
                or "integer"
                or "float"
                or "monetary"
                or "date"
                or "datetime"
                or "properties_definition";

    /// <summary>What Odoo is made of. <c>ir_attachment</c>, <c>ir_logging</c> and others with words in them are not here: <see cref="MaskedRows"/>.</summary>
    private static readonly Regex Tables = new(
        "^(ir_(act_.*|actions|actions_.*|asset|config_parameter|cron.*|default|embedded_actions|exports.*|filters|mail_server"
            + "|attachment|model.*|module_.*|property|rule.*|sequence.*|server_object_lines|translation|ui_.*)"
            + "|base_registry_.*|base_cache_.*|queue_job_(channel|function.*)|wkf.*)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex SetUp = new(
        "^(account_(account.*|analytic_(applicability|distribution_model|plan)|asset_model|cash_rounding|chart_template|fiscal_.*"
            + "|group.*|incoterms|journal|journal_group|payment_(method.*|term.*)|reconcile_model.*|report.*|tax.*)"
            + "|auth_oauth_provider|barcode_.*|base_(automation|language.*)|bus_presence|crm_(lost_reason|stage|tag|team)|decimal_precision|delivery_(carrier|price_rule|zip.*)"
            + "|digest_.*|fetchmail_server|html_editor_.*|iap_(account|service)|mail_(activity_(plan.*|type)|message_subtype|template|ice_server)"
            + "|onboarding_.*|payment_(acquirer|icon|method|provider)|pos_(bill|category|config|note|payment_method|preset|printer)"
            + "|product_.*|properties_base_definition|report_.*|res_(bank|country.*|currency.*|groups.*|lang|partner_(category|industry|title)|role)"
            + "|resource_calendar.*|sale_order_template.*|sale_pdf_form_field|sms_template|spreadsheet_dashboard.*"
            + "|stock_(location.*|package_type|picking_type|production_lot|lot|putaway.*|removal|route.*|rule|storage_.*|warehouse.*)"
            + "|theme_.*|uom_.*|utm_.*|web_.*|website|website_(menu|page|rewrite|route|configurator_feature))$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    /// <summary>Tables that the pattern before takes in and that hold people's words.</summary>
    private static readonly Regex People = new(
        "^(product_(attribute_custom_value|supplierinfo|wishlist)|website_visitor|web_tour_tour_user|account_report_external_value)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    /// <summary>Columns of Odoo's own that hold no words in any table.</summary>
    private static readonly Regex Structure = new(
        "^(model|res_model|res_field|res_model_name|parent_res_model|related_model|model_name|lang|tz|parent_path|uuid|sfu_channel_uuid|sms_uuid"
            + "|webhook_uuid|mimetype|store_fname|checksum|sequence_prefix|matching_number|internal_index|first_line_index"
            + "|combination_indices|analytic_distribution|extra_tax_data|inalterable_hash|color|html_color|email_layout_xmlid"
            + "|embedded_actions_(order|visibility)|virtual_id|linked_virtual_id|(default_)?display_mode|payment_status|sending_data)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    /// <summary>Numbers of documents, which other rows and sequences go by.</summary>
    private static readonly Regex Documents = new(
        @"^(account_(move|payment|bank_statement)\.name|account_move_line\.move_name|sale_order\.name|purchase_order\.name"
            + @"|pos_order\.(name|pos_reference|tracking_number|ticket_code)|pos_session\.name|stock_(picking|reference|scrap|package)\.name"
            + @"|stock_package\.complete_name|stock_move\.reference|stock_move_line\.lot_name|mrp_production\.name|pos_pack_operation_lot\.lot_name"
            + @"|payment_transaction\.reference|queue_job\.(uuid|state|channel|method_name|model_name)|res_company\.(parent_path|.*_color|.*_prefix))$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly Regex Emails = new(
        "e?mail",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    );

    private static readonly Regex Phones = new(
        "phone|mobile|(^|_)fax|sms_number|^number$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    );

    private static readonly Regex Addresses = new(
        "(^|_)(url|website|uri|endpoint)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase
    );
}
