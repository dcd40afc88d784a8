export { measureScenarios, type ScenarioOptions } from './measure.ts'
export { allScenarios } from './scenarios.ts'
