export type { Analysis, Change, Edge, Instruction, Note, Outcome, Question, Stage } from './analysis.ts'
export { analyze } from './analyze.ts'
export { DockerfileError, type DockerfileErrorCode, type Place } from './errors.ts'
export { ignoring } from './ignoring.ts'
