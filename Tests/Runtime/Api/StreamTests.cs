using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Ouroboros.Tests.Runtime.Api;

/// <summary>A flow as a stream and as a pair of pipes.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class StreamTests(bool layered) : FlowTest(layered)
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    [Test]
    public async Task Ten_megabytes_are_copied_and_the_peers_release_is_the_end_of_the_stream()
    {
        var data = Data(TenMegabytes);
        var writer = Task.Run(async () =>
        {
            await using var stream = A.AsStream();
            await new MemoryStream(data).CopyToAsync(stream, 100_000);
        });
        using var received = new MemoryStream();
        await B.AsStream(leaveOpen: true).CopyToAsync(received).WaitAsync(Soon);
        await writer.WaitAsync(Soon);
        Assert.That(SHA256.HashData(received.ToArray()), Is.EqualTo(SHA256.HashData(data)));
        Assert.That(A.IsDown && B.IsDown, Is.True, "disposing the stream has released the flow");
        B.Deallocate();
    }

    [Test]
    public async Task A_stream_is_read_in_any_sizes_and_synchronously_too()
    {
        var data = Data(50_000);
        var writer = Task.Run(() =>
        {
            using var stream = A.AsStream();
            stream.Write(data, 0, 10);
            stream.Write(data, 10, 0);
            stream.WriteByte(data[10]);
            stream.Write(data.AsSpan(11));
            stream.Flush();
        });
        using var reader = B.AsStream(leaveOpen: true);
        var random = new Random(7);
        var all = new List<byte>();
        var buffer = new byte[3000];
        int read;
        while ((read = await Task.Run(() => reader.Read(buffer, 0, random.Next(1, buffer.Length))).WaitAsync(Soon)) != 0) all.AddRange(buffer[..read]);
        Assert.That(all, Is.EqualTo(data));
        Assert.That(reader.ReadByte(), Is.EqualTo(-1), "the end stays the end");
        Assert.That(reader.Read(buffer, 0, 0), Is.Zero);
        await writer.WaitAsync(Soon);
    }

    [Test]
    public async Task A_stream_that_leaves_the_flow_open_does()
    {
        await using (A.AsStream(leaveOpen: true))
        {
        }
        await A.WriteAsync(Bytes(1));
        Assert.That(await Read(B), Is.EqualTo(Bytes(1)));
    }

    [Test]
    public void A_stream_can_do_what_a_network_stream_can()
    {
        using var stream = A.AsStream();
        Assert.That((stream.CanRead, stream.CanWrite, stream.CanSeek), Is.EqualTo((true, true, false)));
        Assert.Throws<NotSupportedException>(() => _ = stream.Length);
        Assert.Throws<NotSupportedException>(() => _ = stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 1);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
    }

    [Test]
    public async Task Reading_a_stream_of_a_released_flow_is_an_error_not_an_end()
    {
        using var stream = A.AsStream();
        A.Deallocate();
        Assert.That(await ErrorOf(stream.ReadAsync(new byte[1])), Is.EqualTo(FlowError.NotAllocated));
        Assert.That(await ErrorOf(stream.WriteAsync(Bytes(1)).AsTask()), Is.EqualTo(FlowError.NotAllocated));
    }

    [Test]
    public async Task A_read_of_a_stream_can_be_cancelled()
    {
        using var stream = A.AsStream();
        using var cancel = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => read);
    }

    [Test]
    public async Task Ten_megabytes_pass_through_pipes_in_both_directions()
    {
        var data = Data(TenMegabytes);
        var (a, b) = (A.AsPipe(), B.AsPipe());
        var echo = Task.Run(async () =>
        {
            await b.Input.CopyToAsync(b.Output);
            await b.Output.CompleteAsync();
        });
        var writer = Task.Run(async () =>
        {
            for (var at = 0; at < data.Length; at += 70_000) await a.Output.WriteAsync(data.AsMemory(at, Math.Min(70_000, data.Length - at)));
        });
        var received = 0L;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (received < data.Length)
        {
            var result = await a.Input.ReadAsync().AsTask().WaitAsync(Soon);
            foreach (var part in result.Buffer) hash.AppendData(part.Span);
            received += result.Buffer.Length;
            a.Input.AdvanceTo(result.Buffer.End);
        }
        await writer.WaitAsync(Soon);
        Assert.That(hash.GetHashAndReset(), Is.EqualTo(SHA256.HashData(data)));
        A.Deallocate();
        await echo.WaitAsync(Soon);
        Assert.That(B.ReceiveQueueLength, Is.Zero);
    }

    [Test]
    public async Task Completing_both_sides_of_a_pipe_leaves_the_flow_allocated()
    {
        var pipe = A.AsPipe();
        await pipe.Output.WriteAsync(Bytes(5));
        await pipe.Input.CompleteAsync();
        await pipe.Output.CompleteAsync();
        Assert.That(await Read(B), Is.EqualTo(Bytes(5)));
        await A.WriteAsync(Bytes(2));
        Assert.That(await Read(B), Is.EqualTo(Bytes(2)));
    }

    private static byte[] Data(int length)
    {
        var data = new byte[length];
        new Random(42).NextBytes(data);
        return data;
    }
}
