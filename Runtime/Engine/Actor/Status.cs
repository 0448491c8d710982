namespace Akka.Actor;

/// <summary>An answer that says whether something worked.</summary>
public abstract class Status
{
    private Status()
    {
    }

    /// <summary>It worked.</summary>
    public sealed class Success : Status
    {
        /// <summary>Success without a value.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>The value, or null.</summary>
        public readonly object? Status;

        /// <summary>Makes the answer.</summary>
        /// <param name="status">The value, or null.</param>
        public Success(object? status) => Status = status;

        /// <inheritdoc/>
        public override string ToString() => Status is null ? "Success" : $"Success: {Status}";
    }

    /// <summary>It failed; as the answer to an ask, its cause is what the task throws.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>Anything that helps to understand it, or null.</summary>
        public readonly object? State;

        /// <summary>Makes the answer.</summary>
        /// <param name="cause">Why.</param>
        public Failure(Exception cause) => Cause = cause;

        /// <summary>Makes the answer.</summary>
        /// <param name="cause">Why.</param>
        /// <param name="state">Anything that helps to understand it.</param>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc/>
        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure[{State}]: {Cause}";
    }
}
