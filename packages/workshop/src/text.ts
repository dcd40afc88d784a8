import { createHash } from 'node:crypto'
import type { Figures } from './model.ts'

/** A text file of an exercise: its title, and its sections by name, in their order. */
export interface Text {
  title: string
  sections: Map<string, Section>
}

interface Section {
  text: string
  /** What the translation says that it was made of: the English section's {@link hashOf}. */
  madeOf?: string
}

/** Reads `# Title` and the `## name` sections; a `##` in a code block is none. */
export function parseText(source: string): Text {
  const text: Text = { title: '', sections: new Map() }
  let lines: string[] = []
  let name: string | undefined
  let fenced = false
  const end = () => {
    if (name === undefined) return
    const [, madeOf, rest] = /^\s*(?:<!-- en: ([0-9a-f]+) -->)?([\s\S]*)$/.exec(lines.join('\n')) ?? []
    text.sections.set(name, { text: (rest ?? '').trim(), ...(madeOf && { madeOf }) })
  }
  for (const line of source.replaceAll('\r\n', '\n').split('\n')) {
    if (line.startsWith('```')) fenced = !fenced
    const heading = fenced ? undefined : /^(##?) (.+)$/.exec(line)
    if (heading?.[1] === '#') text.title = heading[2]?.trim() ?? ''
    else if (heading) {
      end()
      name = heading[2]?.trim()
      lines = []
    } else lines.push(line)
  }
  end()
  return text
}

/**
 * The first twelve hex digits of a section's SHA-256: what a translation of it is marked with. The line in the name of a
 * base image counts for nothing: `pnpm bump` writes another one in all languages.
 */
export function hashOf(text: string): string {
  const anyLine = text.replaceAll(/\b(nodejs|[a-z]+:)[\d.]+(?=-)/g, '$1')
  return createHash('sha256').update(anyLine).digest('hex').slice(0, 12)
}

const placeholder = /\{\{([a-zA-Z]+)\}\}/g

/** The names of a text's placeholders, sorted, each as often as it is there. */
export function placeholdersOf(text: string): string[] {
  return Array.from(text.matchAll(placeholder), ([, name]) => name as string).sort()
}

/**
 * Fills `{{name}}` in; `[[a part]]` is left out if nothing is known of a placeholder in it or that is empty. Elsewhere what is
 * not known becomes a dash.
 */
export function fill(text: string, figures: Figures): string {
  return text
    .replace(/\[\[(.*?)\]\]/gs, (_, part: string) =>
      placeholdersOf(part).every((name) => (figures[name] ?? '') !== '') ? part : '',
    )
    .replace(placeholder, (_, name: string) => String(figures[name] ?? '–'))
}

/** The code blocks of a text, fences included. */
export function codeBlocksOf(text: string): string[] {
  return Array.from(text.matchAll(/^```[\s\S]*?^```$/gm), ([block]) => block)
}

/** Bytes as a person reads them, in decimal units: 1 MB is 1,000,000 bytes. */
export function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (bytes >= size * 0.9995) return `${(bytes / size).toFixed(bytes >= 100 * size ? 0 : 1)} ${unit}`
  return `${bytes} B`
}
