#!/bin/bash
# run.sh BUILD_DIRECTORY SECONDS JOBS [TARGET…]: every fuzz target for that long. New inputs stay in the build directory;
# inputs that break a property too, as artifacts/TARGET-crash-…
set -euo pipefail

build=$1 seconds=$2 jobs=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# = 0 ]; then
  mapfile -t sources < <(ls "$here"/*_fuzz.cpp)
  set -- "${sources[@]##*/}"
  set -- "${@%.cpp}"
fi

# A short run is a test, and a test does the same each time; a long one is a search.
seed=$((seconds <= 10 ? 1 : 0))

fuzz_one() {
  local target=$1 log=$build/$1.log
  mkdir -p "$build/corpus/$target" "$build/artifacts"
  if "$build/tests/fuzz/$target" -seed="$seed" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/artifacts/$target-" "$build/corpus/$target" "$here/corpus/$target" >"$log" 2>&1; then
    printf '%-20s %s runs\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    tail -n 40 "$log"
    printf '%-20s FAILED\n' "$target"
    return 1
  fi
}
export -f fuzz_one
export build seconds here seed
printf '%s\n' "$@" | xargs -P "$jobs" -I {} bash -c 'fuzz_one {}'
