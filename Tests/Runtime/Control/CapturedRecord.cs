using System.Text.RegularExpressions;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>A record on the daemon's socket, from the captures of the reference.</summary>
/// <param name="Where">File and line.</param>
/// <param name="Bytes">The record.</param>
/// <param name="Decoded">What the capture says it means.</param>
/// <param name="IsRequest">From the client.</param>
public sealed partial record CapturedRecord(string Where, byte[] Bytes, string Decoded, bool IsRequest)
{
    public static IReadOnlyList<CapturedRecord> All { get; } = [.. Read("irm-cli-messages.txt"), .. Read("irm-flow-messages.txt")];

    public override string ToString() => $"{Where} {Decoded[..Math.Min(60, Decoded.Length)]}";

    private static IEnumerable<CapturedRecord> Read(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "irmd", file));
        var direction = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('[')) direction = lines[i];
            // Records between daemon and IPCP are another message, which a runtime with its IPCPs in it has no use for.
            if (direction.Contains("ipcp.sock", StringComparison.Ordinal) || Hex().Match(lines[i]) is not { Success: true } line) continue;
            var request = line.Groups[1].Value == ">" || direction.Contains("> irm.sock", StringComparison.Ordinal);
            yield return new CapturedRecord($"{file}:{i + 1}", Convert.FromHexString(line.Groups[2].Value), lines[i + 1].Trim(' ', ';'), request);
        }
    }

    [GeneratedRegex("^([<>])? ?([0-9a-f]{4,})$")]
    private static partial Regex Hex();
}
