# Finds places of C# source that can be changed, by its syntax tree, and puts changes behind switches.

Add-Type 'internal static class NeedsCompiler { }' # PowerShell then has loaded its compiler.

# Each operator, and the one that replaces it.
$operators = @{
    '<' = '<='; '<=' = '<'; '>' = '>='; '>=' = '>'; '==' = '!='; '!=' = '=='; '&&' = '||'; '||' = '&&'
    '+' = '-'; '-' = '+'; '*' = '/'; '/' = '*'
}

# Syntax in which a change would be no expression, or only change a message.
$constant = 'AttributeList', 'EnumMember', 'Pattern', 'CaseSwitchLabel', 'ParameterSyntax', 'Interpolat', 'ThrowStatement',
    'ThrowExpression'

# The change of one node of a syntax tree, or nothing.
function Get-Replacement {
    param($Node)
    $text = $Node.ToString()
    switch ($Node.GetType().Name) {
        BinaryExpressionSyntax {
            $operator = $Node.OperatorToken.Text
            if ($operators.ContainsKey($operator) -and $text -notmatch '"') { "$($Node.Left) $($operators[$operator]) $($Node.Right)" }
        }
        IsPatternExpressionSyntax {
            if ($text -match ' is null$') { $text -replace ' is null$', ' is not null' }
            elseif ($text -match ' is not null$') { $text -replace ' is not null$', ' is null' }
        }
        LiteralExpressionSyntax {
            if ($text -eq 'true') { 'false' }
            elseif ($text -eq 'false') { 'true' }
            elseif ($text -match '^(\d+(?:\.\d+)?)([fLU]?)$') { "$([decimal] $Matches[1] + 1)$($Matches[2])" }
        }
        InvocationExpressionSyntax {
            if ($text -match '^Math\.(Max|Min)\(') { $text -replace '^Math\.(Max|Min)', ($Matches[1] -eq 'Max' ? 'Math.Min' : 'Math.Max') }
        }
        PrefixUnaryExpressionSyntax { if ($Node.OperatorToken.Text -eq '!') { "$($Node.Operand)" } }
    }
}

# All changes of a file.
function Find-Change {
    param([string] $File, [string] $Room)
    $tree = [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText([System.IO.File]::ReadAllText($File))
    foreach ($node in $tree.GetRoot().DescendantNodes()) {
        $isCall = $node.GetType().Name -eq 'ExpressionStatementSyntax' -and "$($node.Expression.GetType().Name)" -eq
            'InvocationExpressionSyntax'
        $after = $isCall ? '' : (Get-Replacement $node)
        if ($null -eq $after -or (-not $isCall -and $after -eq '') -or "$node" -match '//|\bout |is (not )?\{|is [\w.<>]+ \w+\b') {
            continue
        }
        $isConstant = $false
        for ($up = $node.Parent; $up -and -not $isConstant; $up = $up.Parent) {
            $name = $up.GetType().Name
            $isConstant = ($constant | Where-Object { $name -match $_ }) -or
                ($name -in 'FieldDeclarationSyntax', 'LocalDeclarationStatementSyntax' -and $up.Modifiers.ToString() -match '\bconst\b')
        }
        if ($isConstant) { continue }
        $lines = $tree.GetLineSpan($node.Span)
        [pscustomobject]@{
            Number   = 0
            Room     = $Room
            File     = $File
            Line     = $lines.StartLinePosition.Line + 1
            LastLine = $lines.EndLinePosition.Line + 1
            Start    = $node.SpanStart
            Length   = $node.Span.Length
            IsCall   = $isCall
            Before   = "$node" -replace '\s+', ' '
            After    = ($isCall ? '' : $after) -replace '\s+', ' '
        }
    }
}

# Changes of which none lies within another.
function Select-Apart {
    param([object[]] $Changes)
    $taken = [System.Collections.Generic.List[object]]::new()
    foreach ($change in $Changes) {
        $overlaps = $taken | Where-Object {
            $_.File -eq $change.File -and $_.Start -lt $change.Start + $change.Length -and $change.Start -lt $_.Start + $_.Length
        }
        if (-not $overlaps) { $taken.Add($change) }
    }
    $taken
}

# Writes a file with changes behind their switches.
function Set-Change {
    param([string] $File, [object[]] $Changes)
    git -C (Split-Path $File) checkout --quiet -- $File
    $text = [System.IO.File]::ReadAllText($File)
    foreach ($change in $Changes | Sort-Object Start -Descending) {
        $before = $text.Substring($change.Start, $change.Length)
        $switch = "global::PsGpt.Mutant.Is($($change.Number))"
        $with = $change.IsCall ? "if (!$switch) $before" : "($switch ? ($($change.After)) : ($before))"
        $text = $text.Remove($change.Start, $change.Length).Insert($change.Start, $with)
    }
    [System.IO.File]::WriteAllText($File, $text)
}
