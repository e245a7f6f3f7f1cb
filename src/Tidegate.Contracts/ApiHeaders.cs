namespace Tidegate.Contracts;

/// <summary>What answers say beside their content.</summary>
public static class ApiHeaders
{
    /// <summary>On a list: that it is not the whole one.</summary>
    public const string Shown = "Tidegate-Shown";

    /// <summary>No more than the grants of whoever asked cover.</summary>
    public const string Part = "part";
}
