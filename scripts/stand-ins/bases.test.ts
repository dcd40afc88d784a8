import { readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { expect, it } from 'vitest'
import { bases } from './bases.ts'
import { recipes } from './recipes.ts'

it.each(bases)(
  '$name is made again when a file changes that its recipe copies',
  ({ dockerfile, files = [] }) => {
    const text = readFileSync(join(recipes, dockerfile), 'utf8')
    const copies = [...text.matchAll(/^COPY (?!.*--from)(?:--\S+ )*(.+) \S+$/gm)]
    const copied = copies.flatMap(([, sources = '']) => sources.split(' '))
    expect(copied.length).toBeGreaterThan(0)
    expect(copied.filter((path) => !files.some((pattern) => matchesGlob(path, pattern)))).toEqual([])
  },
)
