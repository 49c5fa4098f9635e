using PsGpt.Tensors;

namespace PsGpt.Formats.HuggingFace;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="TypeName">What the file calls the type of its values.</param>
/// <param name="DataType">How its values are stored, or null where they are no weights that can be read.</param>
/// <param name="Shape">The sizes, outermost first.</param>
/// <param name="Begin">Where its bytes begin: within the buffer as the header says it, within the file once that is read.</param>
/// <param name="End">Where they end.</param>
internal sealed record SafetensorsEntry(string Name, string TypeName, WeightDataType? DataType, long[] Shape, long Begin, long End);
