#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the efi-rts authors
#
# Builds the guest agent for both architectures: build.sh DIRECTORY. The same compiler gives the same
# bytes, so what is kept among the module's resources can be checked against it; see README.md.

set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
out=${1:?"usage: build.sh DIRECTORY"}
mkdir -p "$out"
out=$(cd "$out" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

common='-ffreestanding -fno-stack-protector -fno-builtin -fno-ident -O1 -Wall -Wextra -Werror'

build() { # architecture, target, options
  architecture=$1
  target=$2
  shift 2
  for source in agent.c "$architecture.c" "$architecture.S"; do
    # shellcheck disable=SC2086 # the options are words of their own
    (cd "$here" && clang --target="$target" $common "$@" -c "$source" -o "$work/$architecture-$source.o")
  done
  lld-link /nologo /subsystem:efi_application /entry:efi_main /nodefaultlib /dll /fixed:no /Brepro \
    /out:"$work/agent-$architecture.efi" "$work/$architecture-agent.c.o" \
    "$work/$architecture-$architecture.c.o" "$work/$architecture-$architecture.S.o"
  cp "$work/agent-$architecture.efi" "$out/"
  chmod 644 "$out/agent-$architecture.efi"
}

build x86_64 x86_64-unknown-windows -mno-red-zone -mno-sse -mno-mmx -msoft-float
build aarch64 aarch64-unknown-windows -mgeneral-regs-only
