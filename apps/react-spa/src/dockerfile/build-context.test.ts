import { describe, expect, it } from 'vitest'
import { buildContext } from './build-context.ts'

const repository = {
  context: { dockerignore: 'docs\n', files: ['README.md', 'apps/go/main.go', 'apps/go-too/main.go'] },
}
const dockerfile = { path: 'apps/go/Dockerfile', text: 'FROM scratch' }

describe('the build context of a Dockerfile', () => {
  it('is the whole repository, if the report names none', () => {
    expect(buildContext(repository, dockerfile)).toEqual({ path: '.', ...repository.context })
  })

  it('is the folder that the report names, with a .dockerignore of its own', () => {
    const context = { path: 'apps/go', dockerignore: '*.md\n' }
    expect(buildContext(repository, { ...dockerfile, context })).toEqual({
      ...context,
      files: ['main.go'],
    })
  })

  it('is empty in a report that has none', () => {
    expect(buildContext({}, dockerfile)).toEqual({ path: '.', dockerignore: '', files: [] })
  })
})
