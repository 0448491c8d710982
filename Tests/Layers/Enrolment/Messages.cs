using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ouroboros.Layers.Unicast.Connections.Wire;
using Ouroboros.Layers.Unicast.Enrolment.Wire;

namespace Ouroboros.Tests.Layers.Enrolment;

/// <summary>The messages of <c>Tests/Vectors/enrolment/messages.json</c>.</summary>
internal static class Messages
{
    public static IReadOnlyList<CapturedMessage> All { get; } =
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Vectors", "enrolment", "messages.json")))!.AsArray()
            .Select(m => new CapturedMessage((string)m!["name"]!, (string)m["message"]!, Convert.FromHexString((string)m["hex"]!), m["fields"]!)),
    ];

    public static byte[] Get(string name) => [.. All.Single(m => m.Name == name).Bytes];

    /// <summary>Reads a message of a kind; null when it is refused.</summary>
    public static JsonNode? Read(string kind, ReadOnlySpan<byte> data)
    {
        switch (kind)
        {
            case "cep_msg":
                return !CepMessage.TryParse(data, out var cep) ? null : new JsonObject
                {
                    ["comp_name"] = Encoding.UTF8.GetString(cep.Component),
                    ["protocol"] = Encoding.UTF8.GetString(cep.Protocol),
                    ["pref_version"] = cep.Version,
                    ["pref_syntax"] = cep.Syntax,
                    ["address"] = cep.Address,
                };
            case "enroll_req_msg":
                return !EnrolmentRequest.TryParse(data, out var request) ? null : new JsonObject { ["id"] = Hex(request.Id) };
            case "enroll_ack_msg":
                return !EnrolmentAck.TryParse(data, out var ack) ? null : new JsonObject { ["id"] = Hex(ack.Id), ["result"] = ack.Result };
            case "enroll_resp_msg":
                if (!EnrolmentResponse.TryParse(data, out var response)) return null;
                var fields = new JsonObject
                {
                    ["id"] = Hex(response.Id),
                    ["t_sec"] = response.Seconds,
                    ["t_nsec"] = response.Nanoseconds,
                    ["response"] = response.Response,
                };
                if (response.HasConfig)
                {
                    if (!ConfigMessage.TryParse(response.Config, out var config)) return null;
                    fields["conf"] = Read(config!);
                }
                return fields;
            default:
                throw new ArgumentException(kind);
        }
    }

    /// <summary>Writes a message of a kind.</summary>
    public static byte[] Write(string kind, JsonNode fields) => kind switch
    {
        "cep_msg" => CepMessage.Write(
            Encoding.UTF8.GetBytes((string)fields["comp_name"]!), Encoding.UTF8.GetBytes((string)fields["protocol"]!),
            (int)fields["pref_version"]!, (int)fields["pref_syntax"]!, (ulong)fields["address"]!),
        "enroll_req_msg" => EnrolmentRequest.Write(Id(fields)),
        "enroll_ack_msg" => EnrolmentAck.Write(Id(fields), (int)fields["result"]!),
        "enroll_resp_msg" => EnrolmentResponse.Write(
            Id(fields), (long)fields["t_sec"]!, (int)fields["t_nsec"]!, (int)fields["response"]!, fields["conf"] is { } config ? Config(config) : null),
        _ => throw new ArgumentException(kind),
    };

    public static ConfigMessage Config(JsonNode conf) => new(
        (string)conf["layer_info"]!["name"]!, (uint)conf["layer_info"]!["dir_hash_algo"]!, (uint)conf["ipcp_type"]!,
        conf["unicast"] is { } u ? new UnicastMessage
        {
            AddressSize = (uint)u["dt"]!["addr_size"]!,
            EidSize = (uint)u["dt"]!["eid_size"]!,
            MaxTtl = (uint)u["dt"]!["max_ttl"]!,
            Routing = (uint)u["dt"]!["routing"]!["pol"]!,
            LinkState = u["dt"]!["routing"]!["ls"] is { } ls
                ? new LinkStateMessage((uint)ls["pol"]!, (uint)ls["t_recalc"]!, (uint)ls["t_update"]!, (uint)ls["t_timeo"]!) : null,
            Directory = (uint)u["dir"]!["pol"]!,
            Dht = u["dir"]!["dht"] is { } d
                ? new DhtParametersMessage((uint)d["alpha"]!, (uint)d["k"]!, (uint)d["t_expire"]!, (uint)d["t_refresh"]!, (uint)d["t_replicate"]!, (ulong)d["peer"]!) : null,
            AddressAuthority = (uint)u["addr_auth_type"]!,
            Congestion = (uint)u["cong_avoid"]!,
        } : null);

    private static JsonObject Read(ConfigMessage config)
    {
        var json = new JsonObject
        {
            ["layer_info"] = new JsonObject { ["name"] = config.LayerName, ["dir_hash_algo"] = config.HashAlgorithm },
            ["ipcp_type"] = config.Type,
        };
        if (config.Unicast is not { } u) return json;
        var routing = new JsonObject { ["pol"] = u.Routing };
        if (u.LinkState is { } ls) routing["ls"] = new JsonObject { ["pol"] = ls.Policy, ["t_recalc"] = ls.Recalculate, ["t_update"] = ls.Update, ["t_timeo"] = ls.Timeout };
        var directory = new JsonObject { ["pol"] = u.Directory };
        if (u.Dht is { } d)
        {
            directory["dht"] = new JsonObject
            {
                ["alpha"] = d.Alpha,
                ["k"] = d.K,
                ["t_expire"] = d.Expire,
                ["t_refresh"] = d.Refresh,
                ["t_replicate"] = d.Replicate,
                ["peer"] = d.Peer,
            };
        }
        json["unicast"] = new JsonObject
        {
            ["dt"] = new JsonObject { ["addr_size"] = u.AddressSize, ["eid_size"] = u.EidSize, ["max_ttl"] = u.MaxTtl, ["routing"] = routing },
            ["dir"] = directory,
            ["addr_auth_type"] = u.AddressAuthority,
            ["cong_avoid"] = u.Congestion,
        };
        return json;
    }

    private static byte[] Id(JsonNode fields) => Convert.FromHexString((string)fields["id"]!);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture);
}

internal sealed record CapturedMessage(string Name, string Kind, byte[] Bytes, JsonNode Fields)
{
    public override string ToString() => Name;
}
