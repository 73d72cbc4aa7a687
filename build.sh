#!/usr/bin/env bash
# Builds, serves, tests and measures vhdscope. Needs Go, Node 20 and a package
# manager; installs whatever else is missing, and says so.
#
#   ./build.sh                builds the site into dist/
#   ./build.sh serve [PORT]   builds it and serves it here, at port 8230 or PORT
#     [--images FOLDER]       with a folder of images at images/
#     [--under /a/path/]      under a path
#   ./build.sh test           builds it and runs every test
#   ./build.sh bench          builds it and measures speed and size
#   ./build.sh edge           builds the site and its Worker into wasm/edge/build/
#   ./build.sh deploy         builds them and puts them on Cloudflare, with wrangler
#   ./build.sh fixtures       builds what the browser tests open (test does this)
#
# VHDSCOPE_LIBRARY is where the site's host has an image library, relative to the
# page (images); VHDSCOPE_CONNECT the origins that the page may read from besides
# its own (https://a.example https://b.example). Neither is set as a rule.
# FUZZTIME (3000x) is how often `test` runs each fuzz target, or, as 10s, how long.
# VHDSCOPE_TEST_PORT (any) and the port after it serve the browser tests.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Named, not ./...: that would walk into node_modules.
readonly GO_PACKAGES=(./vhd/... ./blobio/... ./wasm/... ./playwright-tests/fixtures/...)
readonly JS_PACKAGES=(./blobio ./wasm/edge ./wasm/shell ./wasm/output ./wasm/volumes) # what differs in a browser; the rest is tested natively

readonly PROGRAMS=(viewer jobs volumes) # of the site, in wasm/

COMMIT=$(git describe --always --exclude='*' --dirty --abbrev=12 2>/dev/null || echo unknown)
readonly COMMIT

say() { printf '\n==> %s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- what must be there -----------------------------------------------------

need_tools() {
  have go || die 'Go is missing: https://go.dev/doc/install'
  have node || die 'Node 20 or newer is missing: https://nodejs.org/'
  have npm || die 'npm is missing: it comes with Node, or as the package npm'
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || die "Node 20 or newer is needed; this is $(node --version)"
}

# Installs a folder's npm packages as its lock file says, where they are not.
need_packages() {
  local folder=$1 stamp=$1/node_modules/.installed-lock
  cmp -s "$folder/package-lock.json" "$stamp" && return
  say "Installing the npm packages of $folder"
  # Playwright's browsers are another step: see need_browsers.
  (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
  cp "$folder/package-lock.json" "$stamp"
}

browsers() { (cd playwright-tests && node browsers.js "$@"); }
playwright() { (cd playwright-tests && npx --no-install playwright "$@"); }

need_browsers() {
  local missing broken
  missing=$(browsers)
  [[ -z $missing ]] && return
  say "Installing through Playwright:" $missing
  if playwright install $missing; then
    # What a fresh system lacks for them, its own packages have.
    broken=$(browsers --broken)
    [[ -z $broken ]] || playwright install-deps $broken
  elif have apt-get; then
    local packages=(${missing//firefox/firefox-esr})
    say "Playwright cannot install them here. Installing the system's: ${packages[*]}"
    as_root apt-get update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
  fi
  missing=$(browsers)
  [[ -z $missing ]] || die "No browser for the tests: $(echo $missing). Install it with your package manager."
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# --- building ---------------------------------------------------------------

scratch=
need_scratch() {
  [[ -n $scratch ]] && return
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
}

# build_site OUT [GO_BUILD_FLAG...]
build_site() {
  local out=$1 compress=
  shift
  # Brotli at its best takes its time: only for what is meant for web servers.
  [[ $out != dist ]] || compress=--compress
  need_tools
  need_packages web
  need_scratch
  say "Building $out"
  # Without inlining (-l) a visitor downloads some 50 KB less, and the hot
  # loops, which copy, lose nothing.
  GOOS=js GOARCH=wasm go build -trimpath -buildvcs=false -gcflags=all=-l -ldflags='-s -w' "$@" -o "$scratch/" "${PROGRAMS[@]/#/./wasm/}"
  [[ -d $scratch/sample ]] || go run ./vhd/vhdtest/sample "$scratch/sample"
  node web/build/build.mjs \
    --out "$out" \
    --programs "$scratch" \
    --wasm-exec "$(go env GOROOT)/lib/wasm/wasm_exec.js" \
    --sample "$scratch/sample" \
    --version "$(node -p 'require("./web/package.json").version')" \
    --commit "$COMMIT" \
    --library "${VHDSCOPE_LIBRARY:-}" \
    --connect "${VHDSCOPE_CONNECT:-}" \
    $compress
}

# The site with an image library beside it, and the Worker that serves the
# images: what wasm/edge/wrangler.jsonc deploys.
build_edge() {
  local out=wasm/edge/build size
  need_tools
  say "Building $out"
  go tool workers-assets-gen -mode=go -o "$out" # empties it first
  # With inlining, unlike the site's programs: this one is started for each
  # request, and never downloaded.
  GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o "$out/app.wasm" ./wasm/edge
  size=$(cat wasm/edge/entry.mjs "$out"/*.*js "$out/app.wasm" | gzip -9 | wc -c)
  echo "The Worker has $size bytes in gzip."
  ((size <= 3000000)) || die 'Cloudflare takes no more than 3 MB where one does not pay.'
  VHDSCOPE_LIBRARY=images build_site "$out/site"
}

deploy() {
  build_edge
  say 'Deploying'
  WRANGLER_SEND_METRICS=false npx --yes wrangler@4.86.0 deploy --config wasm/edge/wrangler.jsonc "$@"
}

# The images that the browser tests open, the site over an engine that crashes
# when told to, and the Worker.
build_fixtures() {
  need_packages playwright-tests
  build_edge
  build_site playwright-tests/.cache/fault-site -tags fault
  say 'Building the images for the browser tests'
  go run ./playwright-tests/fixtures playwright-tests/.cache/fixtures
}

# --- testing ----------------------------------------------------------------

# Each check runs in a shell of its own under `set -e`; a failure is noted, and
# the checks after it still run.
results=()
reasons=() # the lines that name the tests that failed, printed last of all
failed=0
passed=0
check() {
  local name=$1 status start=$SECONDS
  shift
  say "$name"
  need_scratch
  set +e
  (set -e; "$@") 2>&1 | tee "$scratch/output"
  status=${PIPESTATUS[0]}
  set -e
  if ((status == 0)); then
    passed=$((passed + 1))
    results+=("pass  $name ($((SECONDS - start)) s)")
  else
    failed=$((failed + 1))
    results+=("FAIL  $name (exit $status)")
    mapfile -t -O "${#reasons[@]}" reasons < <(grep -E '^ *(--- FAIL:|FAIL:|not ok )' "$scratch/output")
  fi
}

summarise() {
  say 'Summary'
  printf '%s\n' "${results[@]}"
  printf '\nchecks: %d passed, %d failed\n' "$passed" "$failed"
  ((${#reasons[@]} == 0)) || printf '%s\n' "${reasons[@]}"
  ((failed == 0))
}

go_format() {
  local files
  files=$(gofmt -l vhd blobio wasm playwright-tests/fixtures)
  [[ -z $files ]] || die "not as gofmt would have it:"$'\n'"$files"
}

go_vet() { go vet "${GO_PACKAGES[@]}"; }

go_vet_js() { GOOS=js GOARCH=wasm go vet ./vhd/ "${JS_PACKAGES[@]}"; }

go_test() { go test "${GO_PACKAGES[@]}"; }

# Only what works concurrently, which is what the detector is for: it makes
# everything much slower. It wants cgo, so a C compiler.
go_test_race() {
  local cc
  cc=$(go env CC)
  if [[ $(go env CGO_ENABLED) != 1 ]] || ! have "${cc%% *}"; then
    echo "No C compiler: the race detector is left out."
    return
  fi
  go test -race -short ./blobio ./wasm/...
  go test -race -run='AtOnce$' ./vhd
}

# Node stands in for the browser. Go hands a wasm program at most 8 KB of
# arguments and environment, so the environment is cut to what is needed.
go_test_js() {
  local run="env -i 'PATH=$PATH' 'HOME=$HOME' '$(go env GOROOT)/lib/wasm/go_js_wasm_exec'"
  GOOS=js GOARCH=wasm go test -exec="$run" "${JS_PACKAGES[@]}"
}

go_fuzz() {
  local package target count=0
  while read -r package; do
    while read -r target; do
      count=$((count + 1))
      echo "$package $target"
      # By count: Go may report the end of a given time as a failure of the target.
      go test -run='^$' -fuzz="^$target\$" -fuzztime="${FUZZTIME:-3000x}" -fuzzminimizetime=5x "$package" </dev/null
    done < <(go test -list='^Fuzz' "$package" | grep '^Fuzz' || true)
  done < <(go list "${GO_PACKAGES[@]}")
  ((count > 0)) || die 'no fuzz targets were found'
}

web_types() { (cd web && npm run --silent types); }

web_test() { (cd web && npm test --silent); }

browser_test() { playwright test; }

webkit_test() {
  local missing
  missing=$(cd playwright-tests && node webkit/webdriver.js)
  if [[ -n $missing ]]; then
    echo "WebKitGTK is left out: no $missing here (on Debian: webkit2gtk-driver and xvfb)."
    return
  fi
  (cd playwright-tests && node --test webkit/)
}

edge_time() { node playwright-tests/bench/edge.js; }

test_all() {
  need_tools
  need_packages web
  need_packages playwright-tests
  need_browsers
  check 'Go: format' go_format
  check 'Go: vet' go_vet
  check 'Go: vet for js/wasm' go_vet_js
  check 'Go: tests' go_test
  check 'Go: tests with the race detector' go_test_race
  check 'Go: tests for js/wasm' go_test_js
  check 'Go: fuzzing' go_fuzz
  check 'Web: types' web_types
  check 'Web: tests' web_test
  check 'Build' build_for_browsers
  check 'Build: the same elsewhere' build_elsewhere
  check 'Worker: time of a request' edge_time
  check 'Browsers: tests' browser_test
  check 'WebKitGTK: smoke test' webkit_test
  summarise
}

build_for_browsers() {
  build_site dist
  build_fixtures
}

# Builds dist once more, in another place, locale and time zone: it must come
# out the same to the byte. Go takes what it has compiled from its cache, but
# only where it knows that it would be the same; and what Brotli makes of the
# same file is not asked again.
build_elsewhere() {
  (cd dist && sha256sum --check --quiet SHA256SUMS)
  scratch= # this shell's own
  need_scratch
  local elsewhere="$scratch/an other/place"
  mkdir -p "$elsewhere"
  cp -R go.mod go.sum blobio vhd wasm web "$elsewhere"
  (
    cd "$elsewhere"
    umask 077
    export LC_ALL=C TZ=Pacific/Chatham
    mkdir scratch
    scratch=$PWD/scratch
    build_site again
  )
  diff <(grep -Ev '[.](br|gz)$' dist/SHA256SUMS) "$elsewhere/again/SHA256SUMS"
}

# --- measuring --------------------------------------------------------------

# Needs some 8 GB below TMPDIR. Where that is memory, disks do not blur the
# figures: TMPDIR=/dev/shm ./build.sh bench
bench() {
  need_packages playwright-tests
  need_browsers
  build_site dist
  say 'Sizes'
  node playwright-tests/bench/sizes.js dist
  say 'The Worker'
  build_edge
  edge_time
  say 'Go benchmarks'
  go test -run='^$' -bench=. -benchmem ./vhd/... ./blobio/... ./wasm/...
  say 'The native engine beside copying and other tools'
  go run ./vhd/vhdtest/bench
  say 'Browser benchmarks'
  need_scratch
  go run ./vhd/vhdtest/bench -write "$scratch/images"
  VHDSCOPE_BENCH_IMAGES=$scratch/images playwright test --config bench/playwright.config.js
}

serve() {
  build_site dist
  say 'Serving dist'
  [[ ${1:-} =~ ^[0-9]+$ ]] || set -- 8230 "$@"
  node web/serve.mjs dist "$@"
}

case ${1:-build} in
  build) build_site dist ;;
  serve) serve "${@:2}" ;;
  test) test_all ;;
  bench) bench ;;
  edge) build_edge ;;
  deploy) deploy "${@:2}" ;;
  fixtures) build_fixtures ;;
  -h | --help | help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" ;;
  *) die "no such command: $1 (try ./build.sh help)" ;;
esac
