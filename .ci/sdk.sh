# Sourced by ./nativetrainer and ./test: finds the .NET SDK that global.json asks for, and builds under one lock.
# Needs $root. Nothing else has to be installed: the native libraries come with the packages.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # the SDK itself would want libicu, which a bare machine lacks

PATH="$PATH${DOTNET_ROOT:+:$DOTNET_ROOT}:${HOME:-/root}/.dotnet"

require_sdk() {
    if ! command -v dotnet >/dev/null; then
        found=none
    elif (cd "$root" && dotnet --version >/dev/null 2>&1); then
        return 0
    else
        found=$(dotnet --list-sdks | sed 's/ .*//' | tr '\n' ' ')
    fi
    wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    echo "NativeTrainer needs the .NET SDK $wanted or a later 10.0; found: ${found:-none}." >&2
    echo "Install it: package dotnet-sdk-10.0 (Debian, Ubuntu, Fedora), or see dotnet.microsoft.com/download." >&2
    exit 1
}

# One build at a time: who comes second waits, and mostly finds the work done.
lock() {
    mkdir -p "$root/artifacts"
    exec 9>"$root/artifacts/build.lock"
    ! command -v flock >/dev/null || flock 9
}

unlock() { exec 9>&-; }

# build PROJECT: builds in Release and prints only what went wrong. The compiler server that stays for a while
# must not hold the lock or the caller's pipes, hence the log.
build() {
    log=$root/artifacts/build.log
    dotnet build "$root/$1" -c Release -nr:false -tl:off -v q </dev/null >"$log" 2>&1 9>&- && return 0
    grep -E '(error|warning) [A-Z]+[0-9]+:' "$log" | sort -u >&2 || cat "$log" >&2
    return 1
}
