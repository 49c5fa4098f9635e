namespace PsGpt.Training;

/// <summary>
/// Detects a step whose loss or gradient norm lies far above those of the last 128 (llm.c's <c>outlier_detector.h</c>): usually a
/// bad batch, and the update would hurt. Nothing is an outlier before the window is full.
/// </summary>
/// <param name="threshold">The number of standard deviations above the mean of the window from which a value is an outlier.</param>
internal sealed class OutlierDetector(float threshold)
{
    private const int WindowLength = 128;

    private readonly Window losses = new();
    private readonly Window norms = new();

    public IReadOnlyList<float> RecentLosses
    {
        get => losses.Values;
        set => losses.Values = value;
    }

    public IReadOnlyList<float> RecentNorms
    {
        get => norms.Values;
        set => norms.Values = value;
    }

    /// <summary>Adds a step's numbers to the window and reports whether one of them is an outlier.</summary>
    public bool IsOutlier(float loss, float norm)
    {
        var (lossScore, normScore) = (losses.Add(loss), norms.Add(norm));
        return lossScore > threshold || normScore > threshold;
    }

    private sealed class Window
    {
        private readonly float[] values = new float[WindowLength];
        private int count;
        private int oldest;

        public IReadOnlyList<float> Values
        {
            get => [.. values[oldest..count], .. values[..oldest]];
            set
            {
                (count, oldest) = (0, 0);
                foreach (var item in value.TakeLast(WindowLength))
                    Add(item);
            }
        }

        /// <summary>
        /// The number of standard deviations between a value and the mean of the window that ends with it; NaN before the window is full.
        /// </summary>
        public double Add(float value)
        {
            if (count < WindowLength)
            {
                values[count++] = value;
                return double.NaN;
            }

            values[oldest] = value;
            oldest = (oldest + 1) % WindowLength;

            // Summed anew each time, so that a run that resumes from stored values gets the same score to the last bit.
            double sum = 0, squares = 0;
            for (var i = 0; i < WindowLength; i++)
                sum += values[(oldest + i) % WindowLength];
            var mean = sum / WindowLength;
            for (var i = 0; i < WindowLength; i++)
                squares += (values[(oldest + i) % WindowLength] - mean) * (values[(oldest + i) % WindowLength] - mean);
            return squares == 0 ? 0 : (value - mean) / Math.Sqrt(squares / WindowLength);
        }
    }
}
