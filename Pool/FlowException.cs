using System.Runtime.Serialization;

namespace Ouroboros;

/// <summary>The one exception of the API: a reference error number and a message that says what to do.</summary>
public sealed class FlowException : Exception
{
    /// <summary>Makes the exception for <paramref name="error"/>.</summary>
    /// <param name="error">The reference's error number.</param>
    /// <param name="message">What went wrong, with the name, flow or layer concerned, and what to do about it.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public FlowException(FlowError error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

#pragma warning disable SYSLIB0051, CS0672 // Akka.Remote carries an exception to another machine in no other way.
    private FlowException(SerializationInfo info, StreamingContext context)
        : base(info, context) => Error = (FlowError)info.GetInt32(nameof(Error));

    /// <inheritdoc/>
    public override void GetObjectData(SerializationInfo info, StreamingContext context)
    {
        base.GetObjectData(info, context);
        info.AddValue(nameof(Error), (int)Error);
    }
#pragma warning restore SYSLIB0051, CS0672

    /// <summary>Which error.</summary>
    public FlowError Error { get; }

    /// <summary>The number that the reference's call would return, e.g. -1007.</summary>
    public int Number => -(int)Error;
}
