namespace PsGpt.Formats;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DataType">How its values are stored.</param>
/// <param name="Shape">The sizes, outermost first.</param>
/// <param name="Begin">Where its bytes begin within the buffer.</param>
/// <param name="End">Where they end.</param>
internal sealed record SafetensorsEntry(string Name, WeightDataType DataType, long[] Shape, long Begin, long End);
