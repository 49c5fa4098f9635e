#!/usr/bin/env pwsh
<#
.SYNOPSIS
Measures a distributed step between two hosts, beside the formula of docs/scaling.md.
.DESCRIPTION
The hosts are two network namespaces of this machine, joined by a cable (veth) that tc holds to a rate. Each has one rank of one thread.
Needs Linux, root, iproute2, Open MPI and the benchmarks, built before: dotnet build -c Release benchmarks.
.EXAMPLE
./benchmarks/Network.ps1 -Work 124M -Rate 10gbit, 1gbit -Turns 3
#>
[CmdletBinding()]
param(
    # A work of DistributedBenchmark.cs.
    [ValidateSet('124M', 'shakespeare_char')]
    [string] $Work = '124M',

    # The rates of the cable, in tc's words.
    [ValidatePattern('^[0-9]+(gbit|mbit)$')]
    [string[]] $Rate = @('10gbit', '1gbit'),

    # The median of so many turns is shown.
    [int] $Turns = 3
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$program = Join-Path $PSScriptRoot 'bin/Release/net10.0/PsGpt.Benchmarks'
$hosts = [ordered]@{ 'psgpt-a' = '10.77.0.1'; 'psgpt-b' = '10.77.0.2' }
$parameters = @{ '124M' = 124439808; 'shakespeare_char' = 10770816 }[$Work]
$matrices = @{ '124M' = 84934656; 'shakespeare_char' = 0 }[$Work] # whose gradients travel during the backward pass
$tokens = @{ '124M' = 1024; 'shakespeare_char' = 32 * 256 }[$Work] # a rank and step

function New-Network {
    foreach ($name in $hosts.Keys) { ip netns add $name }
    ip link add $hosts.Keys[0] netns $hosts.Keys[0] type veth peer name $hosts.Keys[1] netns $hosts.Keys[1]
    foreach ($name in $hosts.Keys) {
        ip -n $name addr add "$($hosts[$name])/24" dev $name
        ip -n $name link set lo up
        ip -n $name link set $name up
    }
}

# A burst of 10 ms at the full rate is needed for the rate to be reached.
function Set-Rate([string] $Value) {
    $bits = [long]($Value -replace '\D') * ($Value -match 'gbit' ? 1e9 : 1e6)
    foreach ($name in $hosts.Keys) {
        ip netns exec $name tc qdisc replace dev $name root tbf rate $Value burst ([long]($bits / 8 / 100)) latency 50ms
    }
    $bits / 8
}

# Open MPI starts the rank of the other host through this in place of ssh. A host has a name of its own.
function New-Agent {
    $path = Join-Path ([IO.Path]::GetTempPath()) "psgpt-agent-$PID"
    Set-Content $path "#!/bin/sh`nshift`nexec ip netns exec $($hosts.Keys[1]) unshare --uts sh -c `"hostname $($hosts.Keys[1]); `$*`""
    chmod +x $path
    $path
}

function Measure-Rank {
    $open = '--mca', 'pml', 'ob1', '--mca', 'btl', 'tcp,self', '--mca', 'btl_tcp_if_include', '10.77.0.0/24', '--mca', 'oob_tcp_if_include',
        '10.77.0.0/24', '--mca', 'plm_rsh_agent', $agent, '--bind-to', 'none', '-x', 'PSGPT_THREADS', '-x', 'TERM'
    $start = '--allow-run-as-root', '--host', ($hosts.Values -join ','), '-n', 2
    $line = ip netns exec $hosts.Keys[0] mpirun.openmpi @start @open $program distributed-rank $Work
    2 * $tokens / [double] $line
}

# The computing of both ranks side by side, without a word between them.
function Measure-Share {
    $speeds = 1..2 | ForEach-Object -Parallel { [double](& $using:program distributed-rank $using:Work share) }
    $tokens / ($speeds | Measure-Object -Average).Average
}

function Get-Median([double[]] $Value) { ($Value | Sort-Object)[[Math]::Floor($Value.Count / 2)] }

$env:PSGPT_THREADS = '1'
$env:TERM = 'dumb' # Open MPI gives its processes a terminal, to which they would write escape sequences.
$agent = New-Agent
New-Network
try {
    foreach ($one in $Rate) {
        $bandwidth = Set-Rate $one
        $shares, $steps = @(), @()
        foreach ($turn in 1..$Turns) { $shares += Measure-Share; $steps += Measure-Rank }
        $compute, $step = (Get-Median $shares), (Get-Median $steps)
        # Two ranks: half of the gradients goes out and half of the parameters, 4 bytes each.
        $sending = 4.0 * $parameters / $bandwidth
        $overlap = 2.0 * $matrices / $bandwidth
        $formula = $compute + $sending - $overlap
        [pscustomobject]@{
            Work = $Work; Rate = $one; ComputeSeconds = $compute; SendingSeconds = $sending; OverlapSeconds = $overlap
            FormulaSeconds = $formula; MeasuredSeconds = $step; Ratio = $step / $formula
        }
    }
}
finally {
    Remove-Item $agent
    foreach ($name in $hosts.Keys) { ip netns del $name }
}
