using System.Globalization;
using System.Text.Json.Nodes;
using PsGpt.Charts;
using PsGpt.Tensors;
using PsGpt.Unit.Formats;

namespace PsGpt.Unit.Charts.Browser;

/// <summary>Charts as their reader sees them, in a window of a telephone's width and of a desktop's.</summary>
public sealed class ChartPageTests(Chromium browser) : IClassFixture<Chromium>, IDisposable
{
    // Texts that are too small, that leave the window, or that lie over each other. Rectangles shrink by a pixel on each side, because
    // the box of a text is higher than its letters.
    private const string UnreadableTexts =
        """
        (() => {
          const problems = [];
          const texts = [...document.querySelectorAll('text')].filter(text => text.getClientRects().length > 0).map(text => {
            const matrix = text.getScreenCTM();
            const size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(matrix.a, matrix.b);
            return { text: text.textContent, size, box: text.getBoundingClientRect() };
          });
          texts.forEach((one, i) => {
            if (one.size < 10) problems.push(`'${one.text}' is ${one.size} pixels high`);
            if (one.box.left < 0 || one.box.right > innerWidth) problems.push(`'${one.text}' leaves the window`);
            for (const other of texts.slice(i + 1)) {
              const [a, b] = [one.box, other.box];
              if (a.left + 1 < b.right - 1 && b.left + 1 < a.right - 1 && a.top + 1 < b.bottom - 1 && b.top + 1 < a.bottom - 1)
                problems.push(`'${one.text}' lies over '${other.text}'`);
            }
          });
          if (texts.length === 0) problems.push('there is no text');
          if (document.documentElement.scrollWidth > innerWidth) problems.push('the page is wider than the window');
          return problems;
        })()
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChromiumTheory]
    [InlineData(420)]
    [InlineData(1200)]
    public async Task The_losses_of_a_step_show_under_the_pointer(int width)
    {
        await using var page = await OpenAsync(Losses(2, 120), "loss.html", width);
        await AssertReadableAsync(page);
        Assert.Equal("", await ValueAsync(page));
        var box = await BoxAsync(page, "[...document.querySelectorAll('.hover')].filter(area => area.getClientRects().length > 0)[0]");
        await page.MovePointerAsync(box.X + (box.Width / 4), box.Y + (box.Height / 2));
        Assert.Matches(@"^step 1: run 0 3\.5, run 1 4\.5, run 0 smoothed 3\.5, run 1 smoothed 4\.5$", await ValueAsync(page));
        Assert.Empty(page.Errors);
    }

    [ChromiumTheory]
    [InlineData(420)]
    [InlineData(1200)]
    public async Task The_attention_of_any_layer_and_head_shows_under_the_pointer(int width)
    {
        string[] tokens = ["Once", " upon", " a", " time", "\n", "</script>"];
        var chart = new HeatMapChart([Attention(0, tokens), Attention(3, tokens)]);
        await using var page = await OpenAsync(chart, "attention.html", width);
        await AssertReadableAsync(page);
        foreach (var (layer, head, row, column) in new[] { (0, 0, 1, 0), (3, 1, 5, 4), (3, 1, 5, 5) })
        {
            await ChooseAsync(page, "tensor", layer.ToString(CultureInfo.InvariantCulture));
            await ChooseAsync(page, "part", head.ToString(CultureInfo.InvariantCulture));
            var cells = await BoxAsync(page, "document.getElementById('cells')");
            await page.MovePointerAsync(
                cells.X + ((column + 0.5) * cells.Width / tokens.Length), cells.Y + ((row + 0.5) * cells.Height / tokens.Length));
            var value = Attention(layer, tokens)[head, row, column];
            var (query, key) = (LabelText.Of(tokens[row]), LabelText.Of(tokens[column]));
            var expected = string.Create(CultureInfo.InvariantCulture, $"query {row} '{query}', key {column} '{key}': {value}");
            Assert.Equal(expected, await ValueAsync(page));
        }

        Assert.Empty(page.Errors);
    }

    [ChromiumTheory]
    [InlineData(420)]
    [InlineData(1200)]
    public async Task A_cell_of_a_large_matrix_shows_the_places_of_its_mean(int width)
    {
        float[] values = [.. Enumerable.Range(0, 600 * 3).Select(i => (float)(i / 3))];
        await using var page = await OpenAsync(new HeatMapChart([new GptTensor("w", [600, 3], values)]), "weights.html", width);
        await AssertReadableAsync(page);
        var cells = await BoxAsync(page, "document.getElementById('cells')");
        await page.MovePointerAsync(cells.X + 1, cells.Y + 1);
        Assert.Equal("row 0–2, column 0: 1", await ValueAsync(page));
        Assert.Equal(
            "w (600 x 3): each cell is the mean of 3 × 1 values.",
            (string?)await page.EvaluateAsync("document.getElementById('note').textContent"));
        Assert.Empty(page.Errors);
    }

    [ChromiumTheory]
    [InlineData(420)]
    public async Task The_arrow_keys_go_from_cell_to_cell_and_stop_at_the_edges(int width)
    {
        await using var page = await OpenAsync(new HeatMapChart([new GptTensor("w", [2, 2], [1, 2, 3, 4])]), "weights.html", width);
        await page.EvaluateAsync("document.getElementById('cells').focus()");
        foreach (var (key, expected) in new[]
        {
            ("ArrowRight", "row 0, column 1: 2"), ("ArrowRight", "row 0, column 1: 2"), ("ArrowDown", "row 1, column 1: 4"),
            ("ArrowLeft", "row 1, column 0: 3"), ("ArrowUp", "row 0, column 0: 1"), ("ArrowUp", "row 0, column 0: 1"),
        })
        {
            await page.PressAsync(key);
            Assert.Equal(expected, await ValueAsync(page));
        }
    }

    [ChromiumTheory]
    [InlineData(1200, 420)]
    [InlineData(420, 1200)]
    public async Task A_map_is_laid_out_again_when_the_window_changes(int before, int after)
    {
        string[] tokens = [.. Enumerable.Range(0, 40).Select(i => $" word{i}")];
        await using var page = await OpenAsync(new HeatMapChart([Attention(0, tokens)]), "attention.html", before);
        var first = await BoxAsync(page, "document.getElementById('cells')");
        await page.ResizeAsync(after);
        await AssertReadableAsync(page);
        var second = await BoxAsync(page, "document.getElementById('cells')");
        Assert.Equal(before < after, first.Width < second.Width);
        Assert.Empty(page.Errors);
    }

    [ChromiumTheory]
    [InlineData(420)]
    [InlineData(1200)]
    public async Task Pictures_are_readable(int width)
    {
        string[] tokens = ["Once", " upon", " a", " time", " there", " was", " a", " wonderfully", " long", " word"];
        var losses = Losses(3, 40) with { Title = new string('x', 20) + " and a longer title" };
        await using (var page = await OpenAsync(losses, "loss.svg", width))
            await AssertReadableAsync(page);
        await using (var page = await OpenAsync(new HeatMapChart([Attention(0, tokens)]), "attention.svg", width))
            await AssertReadableAsync(page);
    }

    private static async Task AssertReadableAsync(ChromiumPage page) =>
        Assert.Empty((await page.EvaluateAsync(UnreadableTexts))!.AsArray().Select(problem => (string?)problem));

    private static async Task<string?> ValueAsync(ChromiumPage page) =>
        (string?)await page.EvaluateAsync("document.getElementById('value').textContent");

    private static async Task ChooseAsync(ChromiumPage page, string list, string option) => await page.EvaluateAsync(
        $$"""
        (() => {
          const list = document.getElementById('{{list}}');
          list.value = [...list.options].find(option => option.textContent === '{{option}}').value;
          list.dispatchEvent(new Event('change'));
        })()
        """);

    private static async Task<(double X, double Y, double Width, double Height)> BoxAsync(ChromiumPage page, string element)
    {
        await page.EvaluateAsync($"{element}.scrollIntoView({{ block: 'nearest' }})");
        var box = (JsonObject)(await page.EvaluateAsync($"{element}.getBoundingClientRect().toJSON()"))!;
        return ((double)box["x"]!, (double)box["y"]!, (double)box["width"]!, (double)box["height"]!);
    }

    private static LossChart Losses(int runs, int steps) => new([.. Enumerable.Range(0, runs).Select(run => new LossRun(
        $"run {run}", TextChartTests.Curve([.. Enumerable.Range(0, steps).Select(step => run + (3.5 / (1 + (0.1 * step))))])))]);

    /// <summary>Attention with a value for each place that says the place: 0.layer head row column.</summary>
    private static GptTensor Attention(int layer, string[] tokens)
    {
        var count = tokens.Length;
        float[] values =
        [
            .. from head in Enumerable.Range(0, 2)
               from row in Enumerable.Range(0, count)
               from column in Enumerable.Range(0, count)
               select (float)((layer * 0.1) + (head * 0.01) + (row * 0.001) + (column * 0.0001)),
        ];
        return new GptTensor(
            $"h.{layer}.att", role: null, new TensorMemory.Managed(values), TensorLayout.RowMajor([2, count, count]),
            [new TensorAxis("head", ["0", "1"]), new TensorAxis("query", tokens), new TensorAxis("key", tokens)]);
    }

    private async Task<ChromiumPage> OpenAsync(Chart chart, string name, int width)
    {
        ChartFile.Write(chart, folder[name]);
        return await browser.OpenAsync(folder[name], width);
    }
}
