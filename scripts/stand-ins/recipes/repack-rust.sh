#!/bin/sh
# Makes of Debian's rustc, cargo and libstd-rust, in the folder $1, a toolchain of version $3 as rustup has it, in /rootfs.
# Libraries that it needs and the root $2 does not have are put beside its own.
set -eu
for deb in "$1"/*.deb; do dpkg-deb -x "$deb" /debian; done
multiarch=/usr/lib/$(dpkg --print-architecture | sed 's/amd64/x86_64/;s/arm64/aarch64/')-linux-gnu
target=$(cd /debian/usr/lib/rustlib && echo *-unknown-linux-gnu)
toolchain=/rootfs/usr/local/rustup/toolchains/$3-$target
cargo=/rootfs/usr/local/cargo

mkdir -p "$toolchain/bin" "$toolchain/lib" "$cargo/bin"
mv "/debian$multiarch"/librustc_driver-*.so /debian/usr/lib/rustlib "$toolchain/lib/"
for program in cargo rustc rustdoc; do
  mv "/debian/usr/bin/$program" "$toolchain/bin/"
  # RPATH, unlike RUNPATH, counts for what the libraries need in their turn.
  patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$toolchain/bin/$program"
  ln -s "../../rustup/toolchains/$3-$target/bin/$program" "$cargo/bin/$program"
done
for program in cargo rustc rustdoc; do ldd "$toolchain/bin/$program"; done |
  awk '$3 ~ /^\// { print $3 }' | sort -u |
  while read -r library; do
    case $library in "$toolchain"/*) continue ;; esac
    [ -e "$2$library" ] || cp -L "$library" "$toolchain/lib/"
  done
chmod -R a+w /rootfs/usr/local/rustup "$cargo"
"$cargo/bin/rustc" --version
"$cargo/bin/cargo" --version
