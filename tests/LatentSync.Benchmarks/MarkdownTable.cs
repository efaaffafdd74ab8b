using System.Globalization;
using System.Text;

namespace LatentSync.Benchmarks;

/// <summary>A table as Markdown, columns aligned so that it reads in a terminal too, and as rows for JSON.</summary>
internal sealed class MarkdownTable(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public string Title => title;

    /// <summary>The rows by column; a cell that is a number is one, with the digits that the table shows.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object>> Rows =>
        [.. _rows.Select(row => columns.Zip(row).ToDictionary(cell => cell.First, cell => Value(cell.Second)))];

    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"{cells.Length} cells, {columns.Length} columns", nameof(cells));
        }

        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Length).Max())];
        StringBuilder text = new();
        text.AppendLine($"### {title}").AppendLine();
        AppendRow(text, columns, widths);
        AppendRow(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (string[] row in _rows)
        {
            AppendRow(text, row, widths);
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths) =>
        text.AppendLine("| " + string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i]))) + " |");

    // JSON has no infinity: such a cell stays text.
    private static object Value(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : cell;

    /// <summary>A PSNR as a cell.</summary>
    public static string Decibels(double value) => double.IsFinite(value) ? $"{value:0.00}" : "identical";
}
