using System.Management.Automation;

namespace PsGpt.Commands;

/// <summary>The size and the characters of heat maps in the terminal.</summary>
internal interface IHeatMapParameters
{
    /// <summary>The columns of a line; those of the window, at most 79, unless they are given.</summary>
    int? Width { get; }

    /// <summary>The rows of a map at most; 32 unless they are given.</summary>
    int? Height { get; }

    /// <summary>Draws with the characters of ASCII alone.</summary>
    SwitchParameter Ascii { get; }
}
