import { analyze } from '@stagecraft/dockerfile'
import type { ImageReport } from '@stagecraft/report/schema'
import { describe, expect, it } from 'vitest'
import { buildCommand, buildContext } from './build.ts'
import { findStage } from './stages.ts'

describe('build command', () => {
  const { stages } = analyze(
    'FROM a AS build\nFROM b AS prod\nFROM prod AS Twin\nFROM scratch AS twin\nFROM build\n',
  )

  const image = (variant: string, path: string, target?: string) =>
    ({ app: 'api', variant, dockerfile: { path, ...(target && { target }) } }) as ImageReport

  const images = [
    image('prod', 'api/Dockerfile', 'prod'),
    image('last', 'api/Dockerfile'),
    image('single', 'api/Dockerfile.single'),
    { app: 'api', variant: 'old' } as ImageReport,
  ]

  it.each<[string, string | undefined, string | undefined, string]>([
    ['a stage that an image is made of', 'api/Dockerfile', 'prod', 'docker buildx bake api-prod'],
    [
      'the last stage, which an image names by naming none',
      'api/Dockerfile',
      undefined,
      'docker buildx bake api-last',
    ],
    [
      'a stage that no image is made of',
      'api/Dockerfile',
      'build',
      'docker build --file api/Dockerfile --target build .',
    ],
    [
      'a file with a name that a shell would take apart',
      "it's here",
      'build',
      "docker build --file 'it'\\''s here' --target build .",
    ],
    ['the last stage of a file without images', 'other', undefined, 'docker build --file other .'],
    ['a stage that shares its name', 'other', '2', 'docker build --file other --target 2 .'],
    ['a pasted text', undefined, 'prod', 'docker build --target prod .'],
    ['the last stage of a pasted text', undefined, undefined, 'docker build .'],
  ])('builds %s', (_what, file, target, command) => {
    const stage = findStage(stages, target)
    expect(stage && buildCommand({ images, file, context: undefined, stages, stage })).toBe(command)
  })

  it('builds in the context that the Dockerfile is for', () => {
    const stage = findStage(stages, 'build')
    expect(stage && buildCommand({ images, file: 'go/Dockerfile', context: 'go', stages, stage })).toBe(
      'docker build --file go/Dockerfile --target build go',
    )
  })

  it.each(['nothing', '9', '-1'])('there is no stage %s', (target) => {
    expect(findStage(stages, target)).toBeUndefined()
  })
})

describe('build context', () => {
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
})
