import { inflateSync } from 'node:zlib'
import { elfSection } from './elf.ts'
import type { Package } from './packages.ts'

/** Bytes of the JSON; its authors take 8 MiB for more than enough. */
const JSON_LIMIT = 8 * 1024 * 1024

/**
 * The crates linked into a program that cargo-auditable built, without those of its own workspace and those that only
 * build it (https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md). Undefined for other programs.
 */
export function auditedCrates(program: Buffer): Package[] | undefined {
  const section = elfSection(program, '.dep-v0')
  if (!section) return undefined
  try {
    const { packages } = JSON.parse(inflateSync(section, { maxOutputLength: JSON_LIMIT }).toString())
    return packages.flatMap(({ name, version, source, kind }: AuditedCrate) =>
      source === 'local' || kind === 'build' ? [] : [{ name: String(name), version: String(version) }],
    )
  } catch {
    return undefined
  }
}

interface AuditedCrate extends Package {
  /** `crates.io`, `registry`, `git`, `local` or another. */
  source: string
  kind?: 'build' | 'runtime'
}
