import type { FileFacts } from './collectors.ts'
import { dataSegments } from './elf.ts'
import { type ModuleScan, scanForModules } from './go-modules.ts'
import { auditedCrates } from './rust-crates.ts'

/** Bytes of a program that is held in memory to be read: its sections are listed at its end. */
export const PROGRAM_LIMIT = 16 * 1024 * 1024
/** The headers of the segments lie at the start. */
const HEAD = 4096

export interface ProgramScan {
  push(chunk: Buffer): void
  /** Once all has passed; undefined when the program does not say what it is made of. */
  facts(): FileFacts | undefined
}

/**
 * Reads of an ELF program what it is made of while its `size` bytes pass: Go modules in any, Rust crates in one of up
 * to {@link PROGRAM_LIMIT}. Other files pass unread.
 */
export function scanProgram(size: number): ProgramScan {
  const kept: Buffer[] = []
  let head: Buffer | undefined = Buffer.alloc(0)
  let go: ModuleScan | undefined
  return {
    push(chunk) {
      if (!head) {
        go?.push(chunk)
        if (go && size <= PROGRAM_LIMIT) kept.push(chunk)
        return
      }
      head = Buffer.concat([head, chunk])
      if (head.length < Math.min(HEAD, size)) return
      const data = dataSegments(head)
      if (data) {
        go = scanForModules(data)
        go.push(head)
        kept.push(head)
      }
      head = undefined
    },
    facts() {
      if (go?.modules) return { go: go.modules }
      if (!go || size > PROGRAM_LIMIT) return undefined
      const crates = auditedCrates(Buffer.concat(kept))
      return crates && { rust: crates }
    },
  }
}
