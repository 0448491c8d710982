namespace Akka.Util;

/// <summary>A value that may be missing.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public readonly struct Option<T> : IEquatable<Option<T>>
{
    /// <summary>No value.</summary>
    public static readonly Option<T> None;

    private Option(T value)
    {
        Value = value;
        HasValue = true;
    }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => !HasValue;

    /// <summary>The value; default when there is none.</summary>
    public T Value { get; } = default!;

    /// <summary>The option of a value; null makes <see cref="None"/>.</summary>
    /// <param name="value">The value.</param>
    public static Option<T> Create(T? value) => value is null ? None : new Option<T>(value);

    /// <summary>The option of a value; null makes <see cref="None"/>.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator Option<T>(T? value) => Create(value);

    /// <summary>The value, or another when there is none.</summary>
    /// <param name="fallbackValue">The other.</param>
    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    /// <summary>The option of a function of the value.</summary>
    /// <typeparam name="TNew">Type of its result.</typeparam>
    /// <param name="selector">The function.</param>
    public Option<TNew> Select<TNew>(Func<T, TNew> selector) => HasValue ? Option<TNew>.Create(selector(Value)) : Option<TNew>.None;

    /// <inheritdoc/>
    public bool Equals(Option<T> other) => HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Option<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HasValue, Value);

    /// <summary>Both without value, or with equal ones.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Option<T> left, Option<T> right) => left.Equals(right);

    /// <summary>Not both without value, nor with equal ones.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Option<T> left, Option<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";
}
