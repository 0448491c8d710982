using System.Diagnostics;
using System.Text;
using Ouroboros.Hocon;
using static Ouroboros.Tests.Hocon.Hocon;

namespace Ouroboros.Tests.Hocon;

/// <summary>Whatever the input, the outcome is a tree or a <see cref="HoconException"/>, within moments.</summary>
public class FuzzTests
{
    private const int Mutations = 100_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly string[] Corpus =
    [
        """
        # layers
        ouroboros {
          local.lo { hash = SHA3_256, "q.c" : 5, timeout = 1.5 s }
          udp { include "udp.conf", dispatch = ${?ouroboros.local} { mtu = 1500 } }
          names += a, names += ${ouroboros.local.lo.hash}x
        }
        """,
        "a { e = 1 }, a = ${?a}${b}, b = { c = [1, {d = 2}, ${?x}] [3] }\nb { c = ${b.c} [4] }\nf = \"\"\"multi\nline\"\"\"\"",
        """{"json": {"x": [1, -2.5e+10, true, null, "\u0041\n"], "y": {"z": {}}}, "e": ""}""",
        "include required(file(\"x.conf\")) // comment\npath = [ /bin ]\npath = ${path} [ /usr/bin ]\npath += /opt",
        "foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }\nbar { x = ${foo.c}, y = ${bar.x}, z = ${?bar.q} a ${?HOME} }",
        "n { \"0\" = a, \"1\" = b }, l = [z] ${n}, s = 10.0foo \"x\"true null, 1.2.3 = 4KiB, t = infinite",
        "a { b = ${?c} }\nc { d = ${?a}, e = ${?a.b} }\nx = ${y}, y = 1, x = ${?x} ${y}",
    ];

    private static readonly string[] Tokens =
    [
        "${", "${?", "}", "{", "[", "]", "\"", "\"\"\"", "+=", "=", ":", ",", "\n", "//", "#", ".", "\\u", "\\", "include ", "include \"udp.conf\"", "${a}", "${?b}", "${foo}",
        "null", "1e", "-", "\0", "\uFEFF", "\ud800", "\u00a0", "required(", "file(", ")", " ", "a", "b = ", "foo.a", "[]",
    ];

    private static readonly HoconOptions Files = Options with
    {
        BaseDirectory = "/conf",
        ReadFile = name => name switch
        {
            "/conf/udp.conf" => "mtu = ${?mtu}, hash = ${?ouroboros.local.lo.hash}, names += c",
            "/conf/x.conf" => "path = [ /sbin ], a { include \"udp.conf\" }, include \"y\"",
            "/conf/y" => "y = ${path}",
            _ => null,
        },
    };

    [Test]
    public void The_corpus_itself_is_well_formed()
    {
        foreach (var text in Corpus) Assert.That(() => Parse(text, Files), Throws.Nothing, text);
    }

    [Test]
    public void Every_truncation_of_the_corpus_is_read_or_refused()
    {
        foreach (var text in Corpus)
        {
            for (var length = 0; length < text.Length; length++)
            {
                Try(text[..length]);
                Try(text[length..]);
            }
        }
    }

    [Test]
    public void Every_mutation_of_the_corpus_is_read_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var text = Mutate(random);
            try
            {
                if (Try(text)) read++;
            }
            catch (AssertionException e)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {e.Message}");
            }
        }
        TestContext.Out.WriteLine($"seed {seed}: {read} of {Mutations} were well-formed");
        Assert.That(read, Is.InRange(Mutations / 100, Mutations * 99 / 100), $"seed {seed}: mutations that are nearly all good or nearly all bad test little");
    }

    private static string Mutate(Random random)
    {
        var text = new StringBuilder(Corpus[random.Next(Corpus.Length)]);
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(6))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 2 when at < text.Length:
                    text[at] = (char)random.Next(128);
                    break;
                case 3:
                    text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                    break;
                case 4:
                    var other = Corpus[random.Next(Corpus.Length)];
                    var from = random.Next(other.Length);
                    text.Insert(at, other.AsSpan(from, Math.Min(random.Next(40), other.Length - from)));
                    break;
                default:
                    text.Remove(at, length).Insert(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }
        return text.ToString();
    }

    /// <summary>True when the text is well-formed; a failure of the test when it is neither read nor properly refused.</summary>
    private static bool Try(string text)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var root = Parse(text, Files);
            var rendered = root.Render();
            if (Json(rendered) != root.ToString()) throw new AssertionException($"does not survive rendering:\n{text}");
            return true;
        }
        catch (HoconException e)
        {
            if (e.Line < 1 || e.Column < 1 || e.Reason.Length == 0) throw new AssertionException($"error without position or reason:\n{text}\n{e}");
            return false;
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{e.GetType().Name}:\n{text}\n{e}");
        }
        finally
        {
            if (Stopwatch.GetElapsedTime(start) > Longest) throw new AssertionException($"takes {Stopwatch.GetElapsedTime(start)}:\n{text}");
        }
    }
}
