import { isUnknown } from './expand.ts'
import { readAssignments } from './instructions.ts'
import { errorAt, jsonStrings, type Parsed, shorten } from './parse.ts'
import { splitWords } from './space.ts'

/**
 * What is wrong with the values of an instruction that runs nothing, once its variables are filled in. BuildKit looks at
 * them only where the target needs the stage.
 * @throws DockerfileError `syntax`
 */
export function checkValues(instruction: Parsed, fill: (word: string) => string, escapeWith: string): void {
  const { keyword, rest } = instruction
  switch (keyword) {
    case 'LABEL':
      for (const [name, word] of readAssignments(instruction, escapeWith)) {
        fill(name)
        fill(word ?? '')
      }
      return
    case 'VOLUME':
      for (const word of jsonStrings(rest) ?? splitWords(rest))
        if (fill(word) === '') throw errorAt(instruction, 'syntax', 'A volume has a path', word)
      return
    case 'STOPSIGNAL': {
      const signal = fill(rest)
      if (!isUnknown(signal) && !isSignal(signal))
        throw errorAt(instruction, 'syntax', `There is no signal ${shorten(signal)}`, rest)
      return
    }
    case 'EXPOSE':
      for (const word of splitWords(rest))
        for (const port of splitWords(fill(word)))
          if (!isUnknown(port) && !isPort(port))
            throw errorAt(
              instruction,
              'syntax',
              `${shorten(port)} is no port: a port is as 8080, 8080/udp or 8000-8010`,
              word,
            )
  }
}

const signals =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'.split(
    ' ',
  )

/** @see https://github.com/moby/sys/blob/main/signal/signal_linux.go */
function isSignal(text: string): boolean {
  if (/^[-+]?\d+$/.test(text)) return Number(text) !== 0
  const name = text.toUpperCase().replace(/^SIG/, '')
  const [, from, count = ''] = /^RT(MIN|MAX)[-+](\d+)$/.exec(name) ?? []
  if (from) return /^(?:MIN\+(?:[1-9]|1[0-5])|MAX-(?:[1-9]|1[0-4]))$/.test(name.slice(2)) && count !== ''
  return signals.includes(name)
}

/** @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/dockerfile2llb/convert_expose.go */
function isPort(text: string): boolean {
  const parts = text.split(':')
  const [ports = '', ...protocol] = (parts.at(-1) as string).split('/')
  if (!['', 'tcp', 'udp', 'sctp'].includes(protocol.join('/').toLowerCase())) return false
  const container = portRange(ports)
  const host = parts.at(-2) ? portRange(parts.at(-2) as string) : undefined
  if (container === undefined || (parts.at(-2) && host === undefined)) return false
  if (host !== undefined && host !== container && container !== 0) return false
  const address = parts.slice(0, -2).join(':')
  return address === '' || /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[\da-fA-F:]+(?:%\w+)?\]?)$/.test(address)
}

/** How far the last port is from the first; undefined for what is no range. */
function portRange(text: string): number | undefined {
  const [, first = '', last = first] = /^\+?(\d{1,5})(?:-\+?(\d{1,5}))?$/.exec(text) ?? []
  const [from, to] = [Number(first), Number(last)]
  return first === '' || to > 65_535 || from > to ? undefined : to - from
}
