using System.Text;
using Ouroboros.Pool;
using Ouroboros.Samples;
using Ouroboros.Samples.Oecho;
using Ouroboros.Samples.Oecho.Wire;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OechoTests : ToolTest
{
    private readonly ToolOutput _output = new();
    private readonly CancellationTokenSource _stop = new();
    private Task<bool> _serving = Task.FromResult(true);

    [TearDown]
    public async Task StopServer()
    {
        await _stop.CancelAsync();
        Assert.That(await _serving.WaitAsync(Soon), Is.True);
        _stop.Dispose();
    }

    [Test]
    public void The_greeting_is_byte_for_byte_as_captured_there_and_back()
    {
        var captured = Pcap.FlowPayloads("oecho-eth-dix.pcap");
        Assert.That(captured, Has.Count.EqualTo(4));
        Assert.That(captured, Is.All.EqualTo(OechoMessage.Encode(OechoMessage.Greeting)));
        Assert.That(OechoMessage.Decode(captured[0]), Is.EqualTo("Client says hi!"));
    }

    [TestCase("hi\0", "hi")]
    [TestCase("hi", "hi")]
    [TestCase("", "")]
    [TestCase("\0", "")]
    [TestCase("a\0b", "a")]
    [TestCase("a\u001b[2Jb\n", "a?[2Jb?")]
    public void A_text_ends_at_its_zero_byte_or_its_end_and_is_fit_to_print(string packet, string text) =>
        Assert.That(OechoMessage.Decode(Encoding.UTF8.GetBytes(packet)), Is.EqualTo(text));

    [Test]
    public void Of_a_long_text_256_bytes_are_shown() =>
        Assert.That(OechoMessage.Decode(new string('x', 1000).Select(c => (byte)c).ToArray()), Has.Length.EqualTo(256));

    [TestCase(Alice)]
    [TestCase(Bob)]
    public async Task Client_and_server_look_as_those_of_the_reference(uint user)
    {
        await Start();
        var said = new ToolOutput();
        Assert.That(await new OechoClient(await Attach("client", user), said).RunAsync().WaitAsync(Soon), Is.True);
        Assert.That(said.Text, Is.EqualTo("Server replied with Client says hi!\n"));
        Assert.That(_output.Text, Is.EqualTo("Starting the server.\nNew flow.\nMessage from client is Client says hi!.\n"));
    }

    [TestCase("no zero")]
    [TestCase("zero\0")]
    [TestCase("zero\0and more")]
    public async Task A_message_comes_back_unchanged_with_and_without_a_final_zero(string text)
    {
        await Start();
        var message = Encoding.UTF8.GetBytes(text);
        var flow = await Flow();
        await flow.WriteAsync(message);
        using (Packet packet = await flow.ReadPacketAsync().AsTask().WaitAsync(Soon)) Assert.That(packet.Span.ToArray(), Is.EqualTo(message));
        Assert.That(_output.Lines[^1], Is.EqualTo($"Message from client is {text.Split('\0')[0]}."));
        await Until(() => flow.IsDown, "the server releases the flow");
    }

    [Test]
    public async Task A_silent_client_keeps_nobody_waiting_and_is_released_after_ten_seconds()
    {
        await Start();
        var silent = await Flow();
        var said = new ToolOutput();
        Assert.That(await new OechoClient(await Attach("client"), said).RunAsync().WaitAsync(Soon), Is.True);
        Assert.That(silent.IsDown, Is.False);
        var start = Time.GetTimestamp();
        await Until(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return silent.IsDown;
            },
            "released");
        Assert.That(Time.GetElapsedTime(start), Is.GreaterThanOrEqualTo(OechoServer.ReadTimeout));
        await Until(() => _output.Lines[^1] == "Failed to read packet.", "told");
    }

    [Test]
    public async Task A_silent_server_does_not_hold_the_client_for_ever()
    {
        var server = await Serve("oecho");
        var accepting = server.AcceptAsync().AsTask();
        var said = new ToolOutput();
        var client = new OechoClient(await Attach("client"), said);
        var running = client.RunAsync();
        var flow = await accepting.WaitAsync(Soon);
        await Until(() => flow.ReceiveQueueLength == 1, "the message");
        await Until(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            "time-out");
        Assert.That(await running, Is.False);
        Assert.That(said.Text, Is.EqualTo("Failed to read packet.\n"));
        Assert.That(client.Failure!.Error, Is.EqualTo(FlowError.TimedOut));
    }

    [Test]
    public async Task Without_a_server_the_program_ends_with_255()
    {
        var error = new ToolOutput();
        Assert.That(await OechoProgram.RunAsync([], new ToolConsole(_output, error), CancellationToken.None).WaitAsync(Soon), Is.EqualTo(255));
        Assert.That(_output.Text, Is.EqualTo("Failed to allocate flow.\n"));
        Assert.That(error.Text, Does.Contain("oecho").And.Contain("--config"));
    }

    [TestCase("--help")]
    [TestCase("-h")]
    public async Task Help_is_the_reference_s_and_ours_and_ends_with_0(string option)
    {
        Assert.That(await OechoProgram.RunAsync(["-l", option], new ToolConsole(_output, _output), CancellationToken.None), Is.Zero);
        Assert.That(_output.Text, Does.StartWith("Usage: oecho [OPTION]...\nSends an echo between a server and a client\n").And.Contain("--config").And.Contain("Example:"));
    }

    [TestCase("--nonsense", "oecho: --nonsense is unknown; --help lists the options.\n")]
    [TestCase("--config", "oecho: --config needs a value; --help lists the options.\n")]
    public async Task What_is_not_understood_is_named_and_ends_with_1(string option, string problem)
    {
        var error = new ToolOutput();
        Assert.That(await OechoProgram.RunAsync([option], new ToolConsole(_output, error), CancellationToken.None), Is.EqualTo(1));
        Assert.That((error.Text, _output.Text), Is.EqualTo((problem, "")));
    }

    [Test]
    public async Task A_server_program_that_is_stopped_ends_with_0()
    {
        using var stop = new CancellationTokenSource();
        var running = OechoProgram.RunAsync(["-l"], new ToolConsole(_output, TextWriter.Null), stop.Token);
        await Until(() => _output.Text == "Starting the server.\n" || running.IsCompleted, "started");
        await stop.CancelAsync();
        Assert.That(await running.WaitAsync(Soon), Is.Zero);
    }

    private async Task Start() => _serving = new OechoServer(await Serve("oecho"), _output).RunAsync(_stop.Token);

    private async Task<Flow> Flow() => await (await Attach("client")).AllocateAsync("oecho").AsTask().WaitAsync(Soon);
}
