# Starts Dock on Windows; the first time it prepares the machine. Untested on a real Windows yet.
# Usage: powershell -ExecutionPolicy Bypass -File scripts\run.ps1 [command of wms ...]
# Python comes from winget where none is there; uv goes into .boot, the environment into .venv.
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent $PSScriptRoot
$venv = Join-Path $root '.venv'
$wms = Join-Path $venv 'Scripts\wms.exe'
$stamp = Join-Path $venv '.prepared'
$env:PYTHONUTF8 = '1'

function Say([string] $text) { [Console]::Error.WriteLine($text) }

# What the environment was made from: any change here makes it anew.
function Get-PreparationKey {
    $text = $root
    foreach ($name in 'uv.lock', 'pyproject.toml', 'scripts\run.ps1') {
        $text += (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $root $name)).Hash
    }
    return $text
}

# A command that runs Python 3.11 to 3.13, as an array: the program and its first arguments.
function Find-Python {
    $check = 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
    foreach ($candidate in @('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('python')) {
        if (-not (Get-Command $candidate[0] -ErrorAction SilentlyContinue)) { continue }
        $first = @($candidate | Select-Object -Skip 1)
        try { & $candidate[0] @first -c $check 2>$null } catch { continue }
        if ($LASTEXITCODE -eq 0) { return , $candidate }
    }
    return $null
}

function Install-Python {
    if (-not (Get-Command winget -ErrorAction SilentlyContinue)) {
        Say 'Dock needs Python 3.11, 3.12 or 3.13. Install one for this user and start again.'
        exit 1
    }
    Say 'Installing Python 3.12 with winget ...'
    winget install --exact --id Python.Python.3.12 --scope user --silent `
        --accept-package-agreements --accept-source-agreements | Out-Host
    # This window was opened before the installation: read the new search path.
    $env:Path = [Environment]::GetEnvironmentVariable('Path', 'Machine') + ';' +
        [Environment]::GetEnvironmentVariable('Path', 'User')
}

function Invoke-Checked([string] $what, [string] $program, [string[]] $arguments) {
    & $program @arguments | Out-Host
    if ($LASTEXITCODE -ne 0) { Say "$what failed ($LASTEXITCODE)."; exit 1 }
}

function Get-Uv([string[]] $python) {
    $found = Get-Command uv -ErrorAction SilentlyContinue
    if ($found) { return $found.Source }
    $own = Join-Path $root '.boot\Scripts\uv.exe'
    if (-not (Test-Path -LiteralPath $own)) {
        Say "Fetching uv into $root\.boot ..."
        $boot = Join-Path $root '.boot'
        $first = @($python | Select-Object -Skip 1)
        Invoke-Checked 'Making .boot' $python[0] ($first + @('-m', 'venv', $boot))
        Invoke-Checked 'Fetching uv' (Join-Path $boot 'Scripts\python.exe') `
            @('-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv')
    }
    return $own
}

function Initialize-Environment {
    $python = Find-Python
    if ($null -eq $python) {
        Install-Python
        $python = Find-Python
    }
    if ($null -eq $python) {
        Say 'Python was installed but is not found yet. Open a new window and start again.'
        exit 1
    }
    $first = @($python | Select-Object -Skip 1)
    $interpreter = & $python[0] @first -c 'import sys; print(sys.executable)'
    $uv = Get-Uv $python
    Say "Making the environment in $venv ..."
    $env:UV_PYTHON_DOWNLOADS = 'never'
    if (-not $env:UV_SYSTEM_CERTS) { $env:UV_SYSTEM_CERTS = 'true' }
    if (-not $env:UV_HTTP_TIMEOUT) { $env:UV_HTTP_TIMEOUT = '300' }
    # --inexact: a start of the program does not take away what the tests have installed.
    Invoke-Checked 'Making the environment' $uv @('sync', '--project', $root, '--frozen',
        '--inexact', '--quiet', '--python', $interpreter, '--no-dev')
    Set-Content -LiteralPath $stamp -Value (Get-PreparationKey) -Encoding ASCII
}

$prepared = (Test-Path -LiteralPath $wms) -and (Test-Path -LiteralPath $stamp) -and
    ((Get-Content -LiteralPath $stamp -TotalCount 1) -eq (Get-PreparationKey))
if (-not $prepared) { Initialize-Environment }

& $wms @args
exit $LASTEXITCODE
