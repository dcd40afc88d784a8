import { sampleImage } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { standInSentence } from './stand-in.ts'

const on = (name: string, standIn: boolean) => sampleImage({ base: { name, standIn } })

it('names each stand-in once and no official base', () => {
  const images = [on('node:24', true), on('node:24', true), on('nginx:1.30', true), on('scratch', false)]
  expect(standInSentence(images)).toMatch(/these bases were .*: node:24, nginx:1\.30\.$/)
  expect(standInSentence(images.slice(0, 2))).toMatch(/this base was .*: node:24\.$/)
})

it('says nothing of official bases', () => {
  expect(standInSentence([on('node:24', false)])).toBeUndefined()
})
