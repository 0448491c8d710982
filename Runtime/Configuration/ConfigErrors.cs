using Ouroboros.Hocon;

namespace Ouroboros.Runtime.Configuration;

/// <summary>Collects what is wrong with a configuration, so that one run shows all of it.</summary>
internal sealed class ConfigErrors
{
    private readonly List<HoconException> _errors = [];

    public void Add(HoconException error) => _errors.Add(error);

    /// <summary>The result of <paramref name="read"/>; after an error a value that nobody will see.</summary>
    public T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (HoconException e)
        {
            _errors.Add(e);
            return default!;
        }
    }

    /// <exception cref="HoconException">There are errors: the only one, or one at the place of the first that lists all.</exception>
    public void ThrowIfAny()
    {
        switch (_errors)
        {
            case []:
                return;
            case [var only]:
                throw only;
            default:
                var first = _errors[0];
                throw new HoconException(
                    first.Origin, first.Path, string.Join('\n', _errors.Skip(1).Select(e => e.Message).Prepend(first.Reason)), new AggregateException(_errors));
        }
    }
}
