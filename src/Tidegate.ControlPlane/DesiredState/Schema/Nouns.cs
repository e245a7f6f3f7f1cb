namespace Tidegate.ControlPlane.DesiredState.Schema;

internal static class Nouns
{
    /// <summary>"a pool", "an environment".</summary>
    public static string A(string noun) => $"{(noun[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a")} {noun}";
}
