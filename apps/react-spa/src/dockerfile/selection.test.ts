import { describe, expect, it } from 'vitest'
import {
  pathChanges,
  readSelection,
  type Selection,
  withChange,
  withoutChange,
  writeSelection,
} from './selection.ts'

const whole: Selection = {
  file: 'apps/express-api/Dockerfile',
  pasted: false,
  target: 'prod',
  changes: [
    { path: 'src/a&b=c d.ts', what: 'content' },
    { base: 'node:24' },
    { path: 'run.sh', what: 'mode' },
    { path: 'docs', what: 'time' },
    { arg: 'NODE_VERSION' },
    { instruction: 31 },
  ],
  view: 'list',
}

describe('the selection in the query string', () => {
  it('comes back as it was written, in its order', () => {
    const text = writeSelection(new URLSearchParams(), whole).toString()
    expect(readSelection(new URLSearchParams(text))).toEqual(whole)
  })

  it('leaves the parameters of others alone', () => {
    const written = writeSelection(new URLSearchParams('report=3&target=build&line=4'), {
      pasted: true,
      changes: [],
    })
    expect(written.toString()).toBe('report=3&pasted=yes')
  })

  it('is empty where the query string says nothing', () => {
    expect(readSelection(new URLSearchParams('file=&changed=&target=&view=tree'))).toEqual({
      pasted: false,
      changes: [],
    })
  })

  it('takes a file before a pasted text', () => {
    expect(readSelection(new URLSearchParams('pasted=yes&file=Dockerfile'))).toMatchObject({
      file: 'Dockerfile',
      pasted: false,
    })
  })

  it.each(['0', '-1', '1.5', 'x', '1e99'])('takes no line %s', (line) => {
    expect(readSelection(new URLSearchParams({ line })).changes).toEqual([])
  })

  it('counts a path once, as the last one says it changed, and the last line alone', () => {
    const params = new URLSearchParams('changed=a&line=1&mode=a&line=2')
    expect(readSelection(params).changes).toEqual([{ path: 'a', what: 'mode' }, { instruction: 2 }])
  })
})

describe('changes', () => {
  it('replace another of the same thing where it stands', () => {
    expect(withChange(whole.changes, { path: 'run.sh', what: 'time' })).toEqual(
      whole.changes.with(2, { path: 'run.sh', what: 'time' }),
    )
  })

  it('can be taken away', () => {
    expect(withoutChange(whole.changes, { instruction: 31 })).toEqual(whole.changes.slice(0, -1))
  })

  it('of paths are those that another Dockerfile may have as well', () => {
    expect(pathChanges(whole.changes)).toHaveLength(3)
  })
})
