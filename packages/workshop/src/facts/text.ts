import { type Instruction, ignoring } from '@stagecraft/dockerfile'
import type { Attempt } from '../attempt.ts'
import { durationOf, heldAfter } from '../reruns.ts'
import { type Fact, list, type Seen } from './fact.ts'

const oneLine = (text: string) => text.split('\n')[0]?.trim() ?? ''

/** Files of the folder that the build context holds. */
async function contextOf(attempt: Attempt) {
  const isLeftOut = ignoring(await attempt.dockerignore())
  return (await attempt.files()).filter(({ path }) => !isLeftOut(path))
}

/** The image below a stage, through stages. */
export async function finalBase(attempt: Attempt, target?: string): Promise<string> {
  const { stages, target: last } = await attempt.analysis(target ? { target } : {})
  let from = stages[last]?.from
  while (from && 'stage' in from) from = stages[from.stage]?.from
  return from && 'image' in from ? from.image : 'scratch'
}

/** Follows "follows line 4, which reruns" to where it began. */
function rootOf(instruction: Instruction, all: readonly Instruction[]): Instruction {
  const line = Number(/line (\d+)/.exec(instruction.why ?? '')?.[1])
  const before = all.find((each) => each.line === line)
  return before && before.line !== instruction.line ? rootOf(before, all) : instruction
}

const worst = ['reruns', 'may rerun', 'cached']

async function seeReruns(attempt: Attempt, of: Parameters<Fact['see']>[1]): Promise<Seen> {
  const { stages, instructions } = await attempt.analysis({ change: of.change } as typeof of)
  const wanted = new RegExp(of.instruction ?? '', 'm')
  const [found] = instructions
    .filter(({ outcome, text, stage }) => {
      const own = stages[stage ?? -1]
      return outcome && wanted.test(text) && (of.stage === undefined || own?.name === of.stage)
    })
    .sort((a, b) => worst.indexOf(a.outcome ?? '') - worst.indexOf(b.outcome ?? ''))
  if (!found)
    return { value: 'absent', cause: 'reruns.absent', figures: { instruction: of.instruction ?? '' } }
  const root = rootOf(found, instructions)
  const figures = {
    line: found.line,
    instruction: oneLine(found.text),
    causeLine: root.line,
    cause: oneLine(root.text),
    path: of.change && 'path' in of.change ? of.change.path : '',
    ...(await durationOf(attempt, found)),
  }
  if (found.outcome !== 'may rerun' && !attempt.settle) return { value: found.outcome, figures }
  const held = (await heldAfter(attempt, of)).find(({ line }) => line === found.line)
  const ran = held?.ran ? 'reruns' : 'cached'
  return { value: ran, figures: held?.ran ? { ...figures, seconds: held.seconds.toFixed(1) } : figures }
}

async function seeLines(attempt: Attempt, of: Parameters<Fact['see']>[1]): Promise<Seen> {
  const { instructions } = await attempt.analysis(of)
  const asked = instructions.filter(({ outcome, keyword }) => outcome && keyword !== 'FROM')
  if (attempt.settle || asked.some(({ outcome }) => outcome === 'may rerun')) {
    const held = await heldAfter(attempt, of)
    const value = held.filter(({ ran, keyword }) => ran && keyword !== 'FROM').map(({ line }) => line)
    return { value, figures: { lines: list(value) } }
  }
  const value = asked.filter(({ outcome }) => outcome === 'reruns').map(({ line }) => line)
  return { value, figures: { lines: list(value) } }
}

export const textFacts: Record<string, Fact> = {
  stages: {
    tier: 0,
    what: 'The names of the stages that the target needs; of one without a name its number.',
    takes: ['target'],
    async see(attempt, of) {
      const { stages } = await attempt.analysis(of)
      const value = stages.filter(({ reached }) => reached).map(({ name, index }) => name ?? String(index))
      return { value, figures: { value: list(value) } }
    },
  },
  'stage-count': {
    tier: 0,
    what: 'How many stages the target needs.',
    takes: ['target'],
    async see(attempt, of) {
      const { stages } = await attempt.analysis(of)
      return { value: stages.filter(({ reached }) => reached).length }
    },
  },
  bases: {
    tier: 0,
    what: 'The images that `FROM` names in the stages that the target needs.',
    takes: ['target'],
    async see(attempt, of) {
      const { stages } = await attempt.analysis(of)
      const value = stages.flatMap(({ reached, from }) => (reached && 'image' in from ? [from.image] : []))
      return { value, figures: { value: list(value) } }
    },
  },
  'final-base': {
    tier: 0,
    what: 'The image that the target stands on, through stages; `scratch` if there is none.',
    takes: ['target'],
    see: async (attempt, { target }) => ({ value: await finalBase(attempt, target) }),
  },
  instruction: {
    tier: 0,
    what: 'The texts of the instructions that match `instruction`, heredocs included, in stages that the target needs.',
    takes: ['instruction', 'stage'],
    mistakesOnly: true,
    async see(attempt, { instruction = '', stage }) {
      const found = await attempt.instructions(instruction, stage)
      const [first] = found
      return {
        value: found.map(({ text }) => text),
        figures: first ? { line: first.line, instruction: oneLine(first.text) } : {},
      }
    },
  },
  'command-form': {
    tier: 0,
    what: 'How `ENTRYPOINT` and `CMD` of the target are written: `exec`, `shell` if one of them is, `none`.',
    takes: ['target'],
    async see(attempt, of) {
      const { stages, instructions, target } = await attempt.analysis(of)
      const chain = [target]
      for (let from = stages[target]?.from; from && 'stage' in from; from = stages[from.stage]?.from)
        chain.push(from.stage)
      const last = (keyword: string) =>
        instructions.findLast((each) => each.keyword === keyword && chain.includes(each.stage ?? -1))
      const own = [last('ENTRYPOINT'), last('CMD')].filter((each) => each !== undefined)
      const shell = own.find(({ text }) => !isJson(text.replace(/^\s*\w+\s+/, '')))
      if (own.length === 0) return { value: 'none' }
      const [told = own[0]] = [shell]
      const figures = told ? { line: told.line, instruction: oneLine(told.text) } : {}
      return { value: shell ? 'shell' : 'exec', figures }
    },
  },
  context: {
    tier: 0,
    what: 'The paths of the files that the build context holds after `.dockerignore`.',
    takes: [],
    async see(attempt) {
      const value = (await contextOf(attempt)).map(({ path }) => path)
      return { value, figures: { value: list(value), files: value.length } }
    },
  },
  'context-size': {
    tier: 0,
    what: 'The bytes of the files that the build context holds.',
    takes: [],
    bytes: true,
    async see(attempt) {
      const files = await contextOf(attempt)
      const largest = files.toSorted((a, b) => b.size - a.size)[0]
      return {
        value: files.reduce((sum, { size }) => sum + size, 0),
        figures: { files: files.length, path: largest?.path ?? '' },
      }
    },
  },
  file: {
    tier: 0,
    what: "The text of the file `path` of the learner's folder; empty if there is none.",
    takes: ['path'],
    mistakesOnly: true,
    see: async (attempt, { path = '' }) => ({ value: (await attempt.read(path)) ?? '', figures: { path } }),
  },
  reruns: {
    tier: 0,
    what: 'Whether the instruction that matches `instruction` runs again after `change`: `cached`, `reruns`, `absent`. A second build decides where the text alone does not.',
    takes: ['change', 'instruction', 'stage'],
    see: seeReruns,
  },
  'rerun-lines': {
    tier: 0,
    what: 'The lines of the instructions that run again after `change`. A second build decides where the text alone does not.',
    takes: ['change', 'target', 'args'],
    see: seeLines,
  },
  predicted: {
    tier: 0,
    what: "The learner's answer to the question `kind`.",
    takes: ['kind'],
    mistakesOnly: true,
    see: async ({ answers }, { kind = '' }) => ({ value: answers[kind] }),
  },
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text.replaceAll(/\\\n/g, ''))
    return Array.isArray(value) && value.every((each) => typeof each === 'string')
  } catch {
    return false
  }
}
