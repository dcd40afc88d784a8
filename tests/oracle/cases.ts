// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { accepted, mistakes } from '@stagecraft/dockerfile/test/mistakes'
import type { Asked } from './oracle.ts'

/** What the two once disagreed about. */
const found: readonly (Asked & { name: string })[] = [
  {
    name: 'a slash and a space before a set',
    dockerfile: 'FROM scratch',
    dockerignore: '/ [a-b]/',
    paths: ['b'],
  },
  {
    name: 'a space and a slash after a set',
    dockerfile: 'FROM scratch',
    dockerignore: '/[^a] /',
    paths: ['b', 'a'],
  },
  {
    name: 'an exception after a slash',
    dockerfile: 'FROM scratch',
    dockerignore: '*\n/!a',
    paths: ['a', 'b'],
  },
  {
    name: 'sets that hold a slash',
    dockerfile: 'FROM scratch',
    dockerignore: 'a[^b]c',
    paths: ['a/c', 'abc'],
  },
  {
    name: 'two stars in the middle',
    dockerfile: 'FROM scratch',
    dockerignore: 'a**b',
    paths: ['a/x/b', 'ab', 'axb'],
  },
  {
    name: 'an exception that matches a folder above',
    dockerfile: 'FROM scratch',
    dockerignore: '**?\n!*',
    paths: ['b/c/d', 'b', 'bb/c'],
  },
  { name: 'an exec form without a command', dockerfile: 'FROM scratch\nRUN []' },
  {
    name: 'an exec form without a command that nothing needs',
    dockerfile: 'FROM scratch\nRUN []\nFROM scratch',
  },
  { name: 'a volume that a variable empties', dockerfile: 'FROM scratch\nARG T=a\nVOLUME ${T/a/}' },
  { name: 'no volume', dockerfile: 'FROM scratch\nVOLUME []' },
  { name: 'the path that every stage has', dockerfile: 'FROM scratch\nARG A=${PATH:?}\nCOPY $A /x' },
  { name: 'an ssh mount with a source', dockerfile: 'FROM scratch\nRUN --mount=type=ssh,source=/a true' },
  {
    name: 'an option before the type that has it not',
    dockerfile: 'FROM scratch\nRUN --mount=type=secret,required,type=cache,target=/x true',
  },
  {
    name: 'an option before the type that has it',
    dockerfile: 'FROM scratch\nRUN --mount=required,type=secret,id=x true',
  },
  {
    name: 'the first of two from',
    dockerfile: 'FROM scratch\nRUN --mount=from=$A,from=nginx,target=/x true',
  },
  {
    name: 'a stage of a mount by its number',
    dockerfile: 'FROM scratch AS a\nFROM scratch\nRUN --mount=from=0,target=/x true',
  },
  { name: 'an empty set of flags', dockerfile: 'FROM scratch\nCOPY --chmod= --link=FALSE <<a /a\nx\na' },
  { name: 'a blank image after one in capitals', dockerfile: 'FROM B\nFROM $T AS b' },
  { name: 'a heredoc with an escaped name', dockerfile: 'FROM scratch\nRUN <<\\EOF\na\nEOF' },
  { name: 'a heredoc that is a redirection too', dockerfile: 'FROM scratch\nRUN <<EOF>x\na\nEOF>x' },
]

export const cases: readonly (Asked & { name: string })[] = [
  ...found,
  ...accepted,
  // Of bases that only an engine has, the oracle knows no variables.
  ...mistakes
    .filter(({ dockerfile }) => /scratch/.test(dockerfile))
    .map(({ name, dockerfile }) => ({ name, dockerfile })),
]
