/**
 * Programs by the base name they are started with. A name is looked for anywhere but under `/etc` and `/usr/share`,
 * whose cron jobs, kernel hooks and bug scripts are called like the tool they are for.
 */
export type ToolKind = keyof typeof tools

/** `x86_64-linux-gnu-gcc-14`, `x86_64-alpine-linux-musl-gcc`. */
const TARGET = '(?:[a-z0-9_]+-(?:[a-z0-9_]+-)?linux-[a-z0-9_]+-)?'
const VERSION = '(?:-?\\d+(?:\\.\\d+)*)?'

const tools = {
  shells: /^(?:sh|bash|rbash|dash|ash|zsh|ksh|ksh93|mksh|fish|csh|tcsh|busybox)$/,
  /** `cargo` and `gem` install packages, so they are here, whatever else they do. */
  packageManagers: new RegExp(
    `^(?:apt|apt-get|aptitude|dpkg|dpkg-deb|apk|rpm|yum|dnf|microdnf|tdnf|zypper|pacman|opkg` +
      `|npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack|bun|bunx|pip${VERSION}|pipx|pipenv|poetry|uv|uvx|conda|mamba` +
      `|gem|bundle|bundler|cargo|rustup|composer)$`,
  ),
  /**
   * Compilers, assemblers, linkers and `make`. TypeScript's `tsc` is not one: it comes with a devDependency and is
   * looked for there.
   */
  compilers: new RegExp(
    `^${TARGET}(?:gcc|g\\+\\+|cc|c\\+\\+|c89|c99|cpp|clang|clang\\+\\+|tcc|gfortran|as|ld|ld\\.(?:bfd|gold|lld|mold)|lld)${VERSION}$` +
      `|^(?:cc1|cc1plus|collect2|go|gccgo|rustc|javac|nasm|yasm|make|gmake|cmake|ninja)${VERSION}$`,
  ),
}

export function isTool(kind: ToolKind, path: string): boolean {
  return !/^\/(?:etc|usr\/share)\//.test(path) && tools[kind].test(path.slice(path.lastIndexOf('/') + 1))
}
