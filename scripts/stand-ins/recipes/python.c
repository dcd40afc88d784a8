#include <Python.h>
#include "site.h"

/* libpython brings Debian's site module frozen, which looks for dist-packages: upstream's takes precedence. */
static const struct _frozen modules[] = {{"site", _Py_M__site, sizeof _Py_M__site, 0}, {0}};

int main(int argc, char **argv) {
  PyImport_FrozenModules = modules;
  return Py_BytesMain(argc, argv);
}
