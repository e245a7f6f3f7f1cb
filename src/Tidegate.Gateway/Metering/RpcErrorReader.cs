using System.Text.Json;

namespace Tidegate.Gateway.Metering;

/// <summary>Reads from the beginning of a JSON-RPC answer whether it is an error, and of which class.</summary>
internal static class RpcErrorReader
{
    internal enum Finding
    {
        /// <summary>The beginning is too short to tell.</summary>
        Unknown,

        /// <summary>A result, or no JSON-RPC answer at all.</summary>
        NoError,

        /// <summary>An error whose class has not come yet.</summary>
        SomeError,

        /// <summary>An error of the class that comes with it.</summary>
        Error,
    }

    public static (Finding Finding, RpcErrorClass Class) Read(ReadOnlySpan<byte> start)
    {
        var reader = new Utf8JsonReader(start, isFinalBlock: false, state: default);
        try
        {
            var finding = FindError(ref reader);
            return finding == Finding.SomeError ? ReadClass(ref reader) : (finding, default);
        }
        catch (JsonException)
        {
            return (Finding.NoError, default);
        }
    }

    // SomeError: the reader stands at the beginning of the object that is the top-level "error".
    private static Finding FindError(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return Finding.Unknown;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Finding.NoError;
        }

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject || reader.ValueTextEquals("result"u8))
            {
                return Finding.NoError;
            }

            var isError = reader.ValueTextEquals("error"u8);
            if (!reader.Read())
            {
                break;
            }

            if (isError)
            {
                return reader.TokenType == JsonTokenType.StartObject ? Finding.SomeError : Finding.NoError;
            }

            if (!reader.TrySkip())
            {
                break;
            }
        }

        return Finding.Unknown;
    }

    // Odoo writes code, message, data; and in data the exception's name first.
    private static (Finding, RpcErrorClass) ReadClass(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return (Finding.Error, RpcErrorClass.Server);
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isCode = reader.ValueTextEquals("code"u8);
            var isName = reader.ValueTextEquals("name"u8);
            if (!reader.Read())
            {
                break;
            }

            if (
                isCode
                && reader.TokenType == JsonTokenType.Number
                && reader.TryGetInt32(out var code)
                && code is 100 or 404
            )
            {
                return (Finding.Error, code == 100 ? RpcErrorClass.Session : RpcErrorClass.NotFound);
            }

            if (isName && reader.TokenType == JsonTokenType.String)
            {
                var isUsers = reader.GetString()!.StartsWith("odoo.exceptions.", StringComparison.Ordinal);
                return (Finding.Error, isUsers ? RpcErrorClass.User : RpcErrorClass.Server);
            }
        }

        return (Finding.SomeError, default);
    }
}
