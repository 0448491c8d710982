using System.Text;
using Ouroboros.Samples;
using Ouroboros.Samples.Obc;
using Ouroboros.Samples.Obc.Wire;

namespace Ouroboros.Tests.Samples;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ObcTests : ToolTest
{
    private readonly ToolOutput _output = new();
    private readonly ToolOutput _error = new();

    [Test]
    public void Messages_are_byte_for_byte_as_captured()
    {
        Assert.That(ObcMessage.Encode(ObcMessage.Default), Is.EqualTo("Ouroboros multicast rocks!\0"u8.ToArray()));
        Assert.That(ObcMessage.Encode("hello-from-c2"), Is.EqualTo(Convert.FromHexString("68656c6c6f2d66726f6d2d633200")));
    }

    [TestCase("hi\0", "hi")]
    [TestCase("hi", "hi")]
    [TestCase("", "")]
    [TestCase("a\0b", "a")]
    [TestCase("a\u001b[2Jb\n", "a?[2Jb?")]
    public void A_text_ends_at_its_zero_byte_or_its_end_and_is_fit_to_print(string packet, string text) =>
        Assert.That(ObcMessage.Decode(Encoding.UTF8.GetBytes(packet)), Is.EqualTo(text));

    [Test]
    public void Of_a_long_text_256_bytes_are_shown() =>
        Assert.That(ObcMessage.Decode(Encoding.UTF8.GetBytes(new string('x', 1000))), Has.Length.EqualTo(256));

    [Test]
    public async Task Without_a_name_it_says_so_and_ends_with_1()
    {
        Assert.That(await RunAsync("-m", "x"), Is.EqualTo(1));
        Assert.That(_output.Text, Does.StartWith("Please specify a name.\n").And.Contain("Usage: obc"));
    }

    [Test]
    public async Task Help_ends_with_0()
    {
        Assert.That(await RunAsync("-l", "--help"), Is.Zero);
        Assert.That(_output.Text, Is.EqualTo(ObcProgram.Usage));
    }

    [TestCase("--nonsense", "is unknown")]
    [TestCase("-n", "needs a value")]
    [TestCase("-m", "needs a value")]
    public async Task What_is_not_understood_is_named_and_ends_with_1(string option, string problem)
    {
        Assert.That(await RunAsync(option), Is.EqualTo(1));
        Assert.That(_error.Text, Is.EqualTo($"obc: {option} {problem}; --help lists the options.\n"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_layer_that_is_not_there_ends_it_with_255(bool listen)
    {
        Assert.That(await RunAsync(listen ? ["-n", "nolayer", "-l"] : ["-n", "nolayer"]), Is.EqualTo(255));
        Assert.That(_output.Lines[^1], Is.EqualTo("Failed to join broadcast."));
        Assert.That(_error.Text, Does.Contain("nolayer"));
    }

    private Task<int> RunAsync(params string[] arguments) =>
        ObcProgram.RunAsync(arguments, new ToolConsole(_output, _error), CancellationToken.None).WaitAsync(Soon);
}
