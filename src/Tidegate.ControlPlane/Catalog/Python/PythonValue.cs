using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tidegate.ControlPlane.Catalog.Python;

/// <summary>A Python literal as data. Nothing of a Python file is ever executed.</summary>
public abstract record PythonValue
{
    private PythonValue() { }

    /// <summary>How a message calls this kind of value.</summary>
    public abstract string Noun { get; }

    public sealed record Text(string Value) : PythonValue
    {
        public override string Noun => "a string";
    }

    public sealed record Bytes(ImmutableArray<byte> Value) : PythonValue
    {
        public override string Noun => "bytes";
    }

    public sealed record Integer(BigInteger Value) : PythonValue
    {
        public override string Noun => "a number";
    }

    public sealed record Real(double Value) : PythonValue
    {
        public override string Noun => "a number";
    }

    public sealed record Truth(bool Value) : PythonValue
    {
        public override string Noun => Value ? "True" : "False";
    }

    public sealed record None : PythonValue
    {
        public override string Noun => "None";
    }

    public sealed record List(ImmutableArray<PythonNode> Items) : PythonValue
    {
        public override string Noun => "a list";
    }

    public sealed record Tuple(ImmutableArray<PythonNode> Items) : PythonValue
    {
        public override string Noun => "a tuple";
    }

    public sealed record Set(ImmutableArray<PythonNode> Items) : PythonValue
    {
        public override string Noun => "a set";
    }

    public sealed record Map(ImmutableArray<PythonEntry> Entries) : PythonValue
    {
        public override string Noun => "a dictionary";
    }

    /// <summary>A bare name, where the reader allows one (<c>FINAL</c> in <c>version_info</c>).</summary>
    public sealed record Name(string Value) : PythonValue
    {
        public override string Noun => $"the name {Value}";
    }
}

/// <summary>A value and where it begins.</summary>
public sealed record PythonNode(PythonValue Value, PythonPosition At);

/// <summary>One key and value of a dictionary.</summary>
public sealed record PythonEntry(PythonNode Key, PythonNode Value);

/// <summary>A place in a text; both count from 1, columns in UTF-16 units.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PythonPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
