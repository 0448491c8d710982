namespace Akka.Event;

/// <content>Debug entries.</content>
public static partial class LoggingExtensions
{
    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    public static void Debug(this ILoggingAdapter log, string format)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="args">The arguments.</param>
    public static void Debug(this ILoggingAdapter log, string format, object[] args)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, args);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="args">The arguments.</param>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, object[] args)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, args);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    public static void Debug<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1, arg2]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    public static void Debug<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1, arg2]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1, arg2, arg3]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    public static void Debug<T1, T2, T3, T4>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1, arg2, arg3, arg4]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    public static void Debug<T1, T2, T3, T4>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3, arg4]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <typeparam name="T5">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    /// <param name="arg5">An argument.</param>
    public static void Debug<T1, T2, T3, T4, T5>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1, arg2, arg3, arg4, arg5]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <typeparam name="T5">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    /// <param name="arg5">An argument.</param>
    public static void Debug<T1, T2, T3, T4, T5>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3,
        T4 arg4, T5 arg5)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3, arg4, arg5]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <typeparam name="T5">Type of an argument.</typeparam>
    /// <typeparam name="T6">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    /// <param name="arg5">An argument.</param>
    /// <param name="arg6">An argument.</param>
    public static void Debug<T1, T2, T3, T4, T5, T6>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        T6 arg6)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, null, format, [arg1, arg2, arg3, arg4, arg5, arg6]);
    }

    /// <summary>Writes a debug entry when they are wanted.</summary>
    /// <typeparam name="T1">Type of an argument.</typeparam>
    /// <typeparam name="T2">Type of an argument.</typeparam>
    /// <typeparam name="T3">Type of an argument.</typeparam>
    /// <typeparam name="T4">Type of an argument.</typeparam>
    /// <typeparam name="T5">Type of an argument.</typeparam>
    /// <typeparam name="T6">Type of an argument.</typeparam>
    /// <param name="log">The log.</param>
    /// <param name="cause">The exception.</param>
    /// <param name="format">The text, with <c>{0}</c> and so on for arguments.</param>
    /// <param name="arg1">An argument.</param>
    /// <param name="arg2">An argument.</param>
    /// <param name="arg3">An argument.</param>
    /// <param name="arg4">An argument.</param>
    /// <param name="arg5">An argument.</param>
    /// <param name="arg6">An argument.</param>
    public static void Debug<T1, T2, T3, T4, T5, T6>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3,
        T4 arg4, T5 arg5, T6 arg6)
    {
        if (log.IsDebugEnabled) log.Log(LogLevel.DebugLevel, cause, format, [arg1, arg2, arg3, arg4, arg5, arg6]);
    }
}
