using System.Globalization;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Validators;

namespace JobApi.Jobs;

/// <summary>The bounds that rules set on one member, as far as a JSON Schema can say them. What is null is not bounded.</summary>
/// <param name="Member">The member's name on the wire.</param>
public sealed record RuleBounds(string Member)
{
    /// <summary>The least number.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>The fewest characters.</summary>
    public int? MinLength { get; init; }

    /// <summary>The most characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression that the text matches.</summary>
    public string? Pattern { get; init; }

    /// <summary>Reads the bounds of every member from the rules themselves, so that what is described is what is checked.</summary>
    /// <param name="rules">The rules of a request or a payload.</param>
    public static IReadOnlyList<RuleBounds> Of(IValidator rules)
    {
        ArgumentNullException.ThrowIfNull(rules);

        return
        [
            .. rules.CreateDescriptor().GetMembersWithValidators()
                .Where(member => !string.IsNullOrEmpty(member.Key))
                .Select(member => member.Aggregate(
                    new RuleBounds(JsonNamingPolicy.CamelCase.ConvertName(member.Key)), (bounds, rule) => bounds.With(rule.Validator))),
        ];
    }

    private RuleBounds With(IPropertyValidator rule) => rule switch
    {
        IBetweenValidator between => this with { Minimum = Number(between.From), Maximum = Number(between.To) },
        ILengthValidator length => this with { MinLength = length.Min > 0 ? length.Min : null, MaxLength = length.Max > 0 ? length.Max : null },

        // JSON Schema speaks the dialect of ECMAScript, where $ is the very end.
        IRegularExpressionValidator form => this with { Pattern = form.Expression.Replace("\\z", "$", StringComparison.Ordinal) },
        _ => this,
    };

    private static decimal? Number(object? bound) => bound is IConvertible ? Convert.ToDecimal(bound, CultureInfo.InvariantCulture) : null;
}
