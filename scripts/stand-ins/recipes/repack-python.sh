#!/bin/sh
# Installs Python in /usr/local as upstream does. $1 is a folder with upstream's tarball and Debian's packages of the
# same version; what Debian's patches change is taken from the tarball, what takes long to compile from the packages.
set -eu
build=$(dirname "$0")
mkdir /debian /upstream
for deb in "$1"/*.deb; do dpkg-deb -x "$deb" /debian; done
tar -xf "$1"/python3.13_*.orig.tar.xz -C /upstream --strip-components=1
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
include=/usr/local/include/python3.13
lib=/usr/local/lib/python3.13
config=$lib/config-3.13-$multiarch
dynload=$lib/lib-dynload

# Debian's own Python, which is in this root, has made a folder here that is none of upstream's.
rmdir $lib/dist-packages

# The standard library is upstream's, without caches and, as in the official image, without tests.
mkdir -p $include $lib /usr/local/lib/pkgconfig
cp -R /upstream/Lib/. $lib/
cp /upstream/LICENSE $lib/LICENSE.txt
cp -R /debian/usr/include/python3.13/. $include/
cp "/debian/usr/include/$multiarch/python3.13/pyconfig.h" $include/
cp -R /debian/usr/lib/python3.13/lib-dynload $dynload
cp "/debian/usr/lib/python3.13/_sysconfigdata__linux_$multiarch.py" $lib/
cp -R "/debian/usr/lib/python3.13/config-3.13-$multiarch" "$config"
rm "$config"/libpython*
cp "/debian/usr/lib/$multiarch/pkgconfig"/*.pc /usr/local/lib/pkgconfig/

# The library, its names, and the one for the stable ABI.
cp "/debian/usr/lib/$multiarch/libpython3.13.so.1.0" /usr/local/lib/
cd /usr/local/lib
ln -s libpython3.13.so.1.0 libpython3.13.so
gcc -shared -o libpython3.so -Wl,-h,libpython3.so -Wl,--no-as-needed -L. -lpython3.13

# Modules that Debian links with a later C library, or packs elsewhere.
cd /upstream/Modules
module() {
  name=$1
  shift
  gcc -shared -fPIC -O2 -DNDEBUG -DPy_BUILD_CORE_MODULE -I$include -I$include/internal \
    -o "$dynload/$name.cpython-313-$multiarch.so" "$@" -Wl,-s
}
module termios termios.c
module _gdbm _gdbmmodule.c -lgdbm
module _tkinter -DWITH_APPINIT=1 -I/usr/include/tcl8.6 _tkinter.c tkappinit.c -ltk8.6 -ltcl8.6

# The interpreter, which finds its library wherever the two are put together.
cd /upstream
python3 Programs/_freeze_module.py site Lib/site.py site.h
gcc -O2 -I$include -I. -o /usr/local/bin/python3.13 "$build/python.c" \
  -L/usr/local/lib -lpython3.13 '-Wl,-rpath,$ORIGIN/../lib' -Wl,-s

# What Debian's build says of itself is said of /usr/local.
cp "/debian/usr/bin/$multiarch-python3.13-config" /usr/local/bin/python3.13-config
sed -E -i \
  -e "s#/usr/lib/$multiarch#/usr/local/lib#g" \
  -e "s# -I\\S*/$multiarch/python3\.13##" \
  -e 's#/usr/((bin|lib|include)/python3\.13|share/man)#/usr/local/\1#g' \
  -e "s#'/usr(/bin|/include|/lib|/share)?'#'/usr/local\1'#" \
  -e 's#^((exec_)?prefix=\s*"?)/usr("?)$#\1/usr/local\3#' \
  -e 's#/usr/share/python-wheels/##' \
  -e "s#$multiarch-g(cc|\+\+)#g\1#g" \
  -e 's#^PY_ENABLE_SHARED="0"#PY_ENABLE_SHARED="1"#' \
  -e 's#^(LDLIBRARY="libpython.*)\.a"#\1.so"#' \
  "$lib/_sysconfigdata__linux_$multiarch.py" "$config/Makefile" /usr/local/lib/pkgconfig/*.pc /usr/local/bin/python3.13-config
ln -s python-3.13.pc /usr/local/lib/pkgconfig/python3.pc
ln -s python-3.13-embed.pc /usr/local/lib/pkgconfig/python3-embed.pc

for script in idle pydoc; do
  sed '1s#.*#\#!/usr/local/bin/python3.13#' "Tools/scripts/${script}3" >/usr/local/bin/${script}3.13
  chmod 755 /usr/local/bin/${script}3.13
done
install -D -m 644 Misc/python.man /usr/local/share/man/man1/python3.13.1
ln -s python3.13.1 /usr/local/share/man/man1/python3.1

cd /usr/local/bin
for name in idle pydoc python; do ln -s ${name}3.13 ${name}3; done
ln -s python3.13-config python3-config
./python3.13 -m ensurepip
for name in idle pip pydoc python; do ln -s ${name}3 $name; done
ln -s python3-config python-config
find /usr/local -depth \( -type d \( -name test -o -name tests -o -name idle_test -o -name __pycache__ \) \
  -o -type f -name '*.pyc' \) -exec rm -rf {} +
chmod -R u=rwX,go=rX /usr/local/lib /usr/local/include
chmod 755 /usr/local/lib/libpython* $dynload/*.so
