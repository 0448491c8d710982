using System.Runtime.CompilerServices;
using Akka.Dispatch;

namespace Akka.Actor.Internal;

/// <summary>The kinds of handler. Those without state exist once per message type.</summary>
internal static class MessageHandlers
{
    public sealed class ActionOf<T> : MessageHandler
    {
        public static readonly ActionOf<T> Instance = new();

        public override bool TryHandle(object message, Delegate handler)
        {
            if (message is not T typed) return false;
            Unsafe.As<Action<T>>(handler)(typed);
            return true;
        }
    }

    public sealed class FuncOf<T> : MessageHandler
    {
        public static readonly FuncOf<T> Instance = new();

        public override bool TryHandle(object message, Delegate handler) => message is T typed && Unsafe.As<Func<T, bool>>(handler)(typed);
    }

    public sealed class AsyncOf<T> : MessageHandler
    {
        public static readonly AsyncOf<T> Instance = new();

        public override bool TryHandle(object message, Delegate handler)
        {
            if (message is not T typed) return false;
            var func = Unsafe.As<Func<T, Task>>(handler);
            ActorTaskScheduler.RunTask(() => func(typed));
            return true;
        }
    }

    /// <summary>Another handler behind a condition.</summary>
    public sealed class When<T>(MessageHandler inner, Predicate<T> shouldHandle) : MessageHandler
    {
        public override bool TryHandle(object message, Delegate handler) =>
            message is T typed && shouldHandle(typed) && inner.TryHandle(message, handler);
    }

    /// <summary>Another handler for a type that is known at run time only.</summary>
    public sealed class OfType(MessageHandler inner, Type type) : MessageHandler
    {
        public override bool TryHandle(object message, Delegate handler) =>
            type.IsInstanceOfType(message) && inner.TryHandle(message, handler);
    }
}
