using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace PsGpt.Commands;

/// <summary>
/// Turns the name of an encoding, as <c>Get-Content -Encoding</c> has them, or the number of a code page into the encoding.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = PipedTokens.Unwrap(inputData);
        if (value is null or Encoding)
            return value;
        var name = LanguagePrimitives.ConvertTo<string>(value);
        try
        {
            return Find(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new ArgumentTransformationMetadataException(
                $"There is no encoding '{name}'. Use {string.Join(", ", EncodingCompleter.Names)}, " +
                "or the number of a code page such as 1252.", exception);
        }
    }

    private static Encoding Find(string name) => name.ToUpperInvariant() switch
    {
        "ANSI" => OfCodePage(CultureInfo.CurrentCulture.TextInfo.ANSICodePage),
        "OEM" => OfCodePage(CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
        "ASCII" => Encoding.ASCII,
        "LATIN1" => Encoding.Latin1,
        "UNICODE" => Encoding.Unicode,
        "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
        "UTF32" => Encoding.UTF32,
        "BIGENDIANUTF32" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        "UTF8" or "UTF8BOM" or "UTF8NOBOM" => Encoding.UTF8,
        _ => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var codePage)
            ? OfCodePage(codePage)
            : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name),
    };

    private static Encoding OfCodePage(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
}
