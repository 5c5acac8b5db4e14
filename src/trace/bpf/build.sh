#!/bin/sh
# Compiles the BPF programs. The object is committed, so that nobody needs clang to run hooktap; its bytes depend on nothing
# but the sources and the compiler. With a name it writes there instead.
set -eu
cd "$(dirname "$0")"
out=${1:-hooks.bpf.o}
clang -target bpf -mcpu=v3 -O2 -g -Wall -Werror -Wno-missing-declarations -ffile-prefix-map="$PWD"=. -c hooks.bpf.c -o "$out"
llvm-strip -g -x -R .rel.BTF -R .rel.BTF.ext -R .llvm_addrsig "$out"
