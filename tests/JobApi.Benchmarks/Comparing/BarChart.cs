using System.Globalization;
using System.Net;
using System.Text;

namespace JobApi.Benchmarks.Comparing;

/// <summary>One bar.</summary>
internal sealed record Bar(string Label, double Value);

/// <summary>A picture of bars as SVG; readable on light and dark pages.</summary>
internal static class BarChart
{
    private const int Width = 810;
    private const int Labels = 340;
    private const int Row = 30;
    private const int Top = 44;
    private const int ForNumbers = 70;

    public static string Draw(string title, IReadOnlyList<Bar> bars)
    {
        var height = Top + (bars.Count * Row) + 8;
        var most = bars.Count == 0 ? 1 : bars.Max(bar => bar.Value);
        var svg = new StringBuilder();

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="14">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""  <rect width="{Width}" height="{height}" fill="#fff"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""  <text x="12" y="26" font-weight="600" fill="#222">{WebUtility.HtmlEncode(title)}</text>""");

        for (var i = 0; i < bars.Count; i++)
        {
            var y = Top + (i * Row);
            var length = Math.Max(1, bars[i].Value / most * (Width - Labels - ForNumbers));
            var colour = bars[i].Label.StartsWith("JobApi", StringComparison.Ordinal) ? "#1f6feb" : "#9aa4b2";

            svg.AppendLine(CultureInfo.InvariantCulture, $"""  <text x="{Labels - 8}" y="{y + 15}" text-anchor="end" fill="#222">{WebUtility.HtmlEncode(bars[i].Label)}</text>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""  <rect x="{Labels}" y="{y}" width="{length:0.#}" height="20" fill="{colour}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""  <text x="{Labels + length + 6:0.#}" y="{y + 15}" fill="#222">{bars[i].Value:N0}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
