using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Tidegate.ControlPlane.Storage;

namespace Tidegate.ControlPlane.Rollouts;

/// <summary>The identity of a plan: SHA-256 over what was decided (targets and their order, digest, steps, way back, how checkpoints are made, policy, and the rules of calendars that speak of its tenants) in a fixed JSON form.</summary>
public static class PlanHash
{
    public static string Of(RolloutPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("environment", plan.Environment.Value);
            Write(json, "release", plan.Release);
            Write(json, "policy", plan.Policy);
            json.WriteStartArray("waves");
            foreach (var tenant in plan.Waves.SelectMany(wave => wave.Tenants.Select(tenant => (wave.Number, tenant))))
            {
                json.WriteStartObject();
                json.WriteNumber("wave", tenant.Number);
                Write(json, "target", tenant.tenant.Target);
                Write(json, "steps", tenant.tenant.Steps);
                Write(json, "back", tenant.tenant.Back);
                json.WriteString("checkpoint", tenant.tenant.Checkpoint.Decided);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (!plan.Calendar.Rules.IsEmpty)
            {
                Write(json, "calendar", plan.Calendar);
            }

            json.WriteEndObject();
        }

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write<T>(Utf8JsonWriter json, string name, T value)
    {
        json.WritePropertyName(name);
        JsonSerializer.Serialize(json, value, StoredJson.Options);
    }
}
