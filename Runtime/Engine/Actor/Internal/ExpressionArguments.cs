using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor.Internal;

/// <summary>Evaluates the arguments of <c>() => new T(...)</c>; constants and captured variables without compiling anything.</summary>
internal static class ExpressionArguments
{
    public static object?[] Evaluate(NewExpression expression)
    {
        var values = new object?[expression.Arguments.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Evaluate(expression.Arguments[i]);
        return values;
    }

    private static object? Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression { Member: FieldInfo field, Expression: null or ConstantExpression or MemberExpression } member:
                return field.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert
                when convert.Type.IsAssignableFrom(convert.Operand.Type):
                return Evaluate(convert.Operand);
            default:
                var boxed = Expression.Convert(expression, typeof(object));
                return Expression.Lambda<Func<object?>>(boxed).Compile(preferInterpretation: true)();
        }
    }
}
