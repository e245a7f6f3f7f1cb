namespace Tidegate.OdooTests.Fixtures;

/// <summary>An unpacked Odoo, as Debian's package has it or as a git checkout has it.</summary>
/// <param name="Folder">Absolute path.</param>
public sealed record OdooTree(string Folder)
{
    private bool IsCheckout => File.Exists(Path.Combine(Folder, "odoo-bin"));

    /// <summary>The script that starts Odoo.</summary>
    public string Program => IsCheckout ? Path.Combine(Folder, "odoo-bin") : Path.Combine(Folder, "usr", "bin", "odoo");

    /// <summary>For PYTHONPATH.</summary>
    public string Packages => IsCheckout ? Folder : Path.Combine(Folder, "usr", "lib", "python3", "dist-packages");

    /// <summary>For <c>addons_path</c>.</summary>
    public string Addons =>
        IsCheckout
            ? $"{Path.Combine(Folder, "odoo", "addons")},{Path.Combine(Folder, "addons")}"
            : Path.Combine(Packages, "odoo", "addons");
}
