import type { Scenario } from '@stagecraft/report'

/** What may have changed between two builds of an image, in the order in which it is measured and shown, as the head of a column. */
export const scenarios: Readonly<Record<Scenario, string>> = {
  'from-nothing': 'Nothing',
  unchanged: 'Same',
  line: 'Line',
  scripts: 'Scripts',
  dependency: 'Depend',
  'registry-cache': 'Fresh',
}

export const allScenarios = Object.keys(scenarios) as Scenario[]
