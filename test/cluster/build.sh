#!/usr/bin/env bash
# Builds etcd, the Kubernetes control plane, kubectl and kwok from their Go modules into a cache
# outside the checkout, and prints the folder. A folder is named after everything that shapes the
# binaries, so a second clone on the same machine finds them ready.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export CGO_ENABLED=0 GOWORK=off GOFLAGS="-mod=readonly -trimpath -buildvcs=false -p=2"

stamp=$(cat "$here"/kubernetes/go.{mod,sum} "$here"/kwok/go.{mod,sum} "$0" <(go version) | sha256sum | cut -c1-16)
cache=${DUPGRADE_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dupgrade-control-plane}
out=$cache/$stamp
mkdir -p "$cache"

# Two suites started at once must not build the same folder at once.
exec 9>"$cache/$stamp.lock"
flock 9

if [[ ! -e $out/.done ]]; then
  echo "building the control plane into $out (ten minutes or more on two cores)" >&2
  mkdir -p "$out"

  # Upstream sets its version with the linker; without it `kubectl version` cannot be parsed.
  version=$(cd "$here/kubernetes" && go list -m -f '{{.Version}}' k8s.io/kubernetes)
  IFS=. read -r major minor _ <<<"${version#v}"
  flags="-s -w"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=$major -X $package.gitMinor=$minor"
    flags+=" -X $package.gitTreeState=clean -X $package.gitCommit=$version -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  (
    cd "$here/kubernetes"
    go build -o "$out/etcd" -ldflags "-s -w" go.etcd.io/etcd/server/v3
    for command in kube-apiserver kube-controller-manager kube-scheduler kubectl; do
      go build -o "$out/$command" -ldflags "$flags" "k8s.io/kubernetes/cmd/$command"
    done
  )
  (cd "$here/kwok" && go build -o "$out/kwok" -ldflags "-s -w" sigs.k8s.io/kwok/cmd/kwok)
  touch "$out/.done"
fi
echo "$out"
