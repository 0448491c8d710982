using Ouroboros.Hocon;
using Ouroboros.Pool;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Reads <c>ouroboros.pool</c>.</summary>
internal sealed class PoolReader
{
    private const int MaxShards = 64;

    private static readonly Dictionary<string, PoolBacking> Backings = new()
    {
        ["shared-file"] = PoolBacking.SharedFile,
        ["anonymous"] = PoolBacking.Anonymous,
    };

    private readonly ConfigSection _section;
    private readonly PacketPoolOptions _common;

    public PoolReader(ConfigSection section)
    {
        _section = section;
        _common = new PacketPoolOptions
        {
            Backing = section.Choice("backing", Backings),
            Directory = section.Name("directory"),
            Prefix = section.Errors.Try(() => FileName(section.Reader.GetValue("prefix"))),
            Group = section.Name("group"),
            Shards = section.Errors.Try(() => ShardCount(section.Reader.GetValue("shards"))),
            ThreadCache = section.Int("thread-cache", 0, 64),
            FallbackSizes = section.Int("fallback-sizes", 0, 9),
        };
    }

    public PacketPoolOptions ReadGlobal() => _common with { Counts = Counts("global"), LockInMemory = _section.Flag("lock-in-memory") };

    public PacketPoolOptions ReadUser() => _common with { Counts = Counts("user") };

    private static string FileName(HoconValue value)
    {
        var name = ConfigSection.Checked(value, 200);
        return name.Contains('/') ? throw HoconException.At(value, $"'{name}' is no file name; leave out the '/'") : name;
    }

    private static int ShardCount(HoconValue value)
    {
        var shards = value.AsInt();
        return shards == 0 || (shards is > 0 and <= MaxShards && int.IsPow2(shards))
            ? shards
            : throw HoconException.At(value, $"{shards} is out of range; allowed are 0 and the powers of two from 1 to {MaxShards}");
    }

    private PoolCounts Counts(string key)
    {
        var section = _section.Section(key);
        int Blocks(string size, int bytes) => section.Int("blocks-" + size, 0, int.MaxValue / bytes);
        var counts = new PoolCounts
        {
            Blocks384 = Blocks("384", 384),
            Blocks512 = Blocks("512", 512),
            Blocks1K = Blocks("1k", 1 << 10),
            Blocks2K = Blocks("2k", 1 << 11),
            Blocks4K = Blocks("4k", 1 << 12),
            Blocks16K = Blocks("16k", 1 << 14),
            Blocks64K = Blocks("64k", 1 << 16),
            Blocks256K = Blocks("256k", 1 << 18),
            Blocks1M = Blocks("1m", 1 << 20),
        };
        if (section.Reader.Keys.Count > 0 && counts == new PoolCounts()) _section.Fail(key, "a pool needs blocks of at least one size; set one of the counts");
        return counts;
    }
}
