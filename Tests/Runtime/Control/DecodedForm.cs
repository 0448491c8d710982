using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Ouroboros.Runtime.Control.Wire;

namespace Ouroboros.Tests.Runtime.Control;

/// <summary>
/// Makes a message of the decoded form in the captures: <c>code=IRM_REPLY(27) names={name="svc" pol_lb=1} result=0</c>. Long byte strings are
/// abbreviated there, <c>[32 bytes 7a665e4d..]</c>; what is missing of them is taken from the message that the record itself holds.
/// </summary>
internal sealed class DecodedForm
{
    private readonly string _text;
    private int _at;

    private DecodedForm(string text) => _text = text;

    public static IrmMsg Read(string text, IrmMsg forBytes)
    {
        var form = new DecodedForm(text);
        var message = new IrmMsg();
        form.Fields(message, forBytes, '\0');
        return message;
    }

    private void Fields(IMessage message, IMessage? other, char end)
    {
        while (true)
        {
            while (_at < _text.Length && _text[_at] == ' ') _at++;
            if (_at == _text.Length && end == '\0') return;
            if (_text[_at] == end)
            {
                _at++;
                return;
            }
            var key = Until('=') switch
            {
                "tv_sec" => "sec",
                "tv_nsec" => "nsec",
                var name => name,
            };
            _at++;
            var field = message.Descriptor.FindFieldByName(key) ?? throw new InvalidOperationException($"no field {key} in {message.Descriptor.Name}");
            var value = Value(field, other is null ? null : field.Accessor.GetValue(other));
            if (field.IsRepeated) ((IList)field.Accessor.GetValue(message)).Add(value);
            else field.Accessor.SetValue(message, value);
        }
    }

    private object Value(FieldDescriptor field, object? other)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                _at++;
                var inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                Fields(inner, other as IMessage, '}');
                return inner;
            case FieldType.String:
                _at++;
                var text = Until('"');
                _at++;
                return text;
            case FieldType.Bytes:
                _at++;
                var words = Until(']').Split(' ');
                _at++;
                var bytes = (ByteString)other!;
                Assert.That(bytes.Length, Is.EqualTo(int.Parse(words[0], CultureInfo.InvariantCulture)));
                Assert.That(Convert.ToHexString(bytes.Span[..4]), Is.EqualTo(words[2][..8]).IgnoreCase);
                return bytes;
            case FieldType.Enum:
                Until('(');
                _at++;
                var code = (IrmCode)int.Parse(Until(')'), CultureInfo.InvariantCulture);
                _at++;
                return code;
            case FieldType.SInt32:
                return int.Parse(Until(' '), CultureInfo.InvariantCulture);
            case FieldType.UInt64:
                return ulong.Parse(Until(' '), CultureInfo.InvariantCulture);
            default:
                return uint.Parse(Until(' '), CultureInfo.InvariantCulture);
        }
    }

    private string Until(char end)
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] != end && (end != ' ' || _text[_at] != '}')) _at++;
        return _text[start.._at];
    }
}
