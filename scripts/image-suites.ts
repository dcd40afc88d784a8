/**
 * The tests that need images, by what they depend on: turbo.json says what each suite does not, and remembers those that
 * passed. `contract` is run app by app.
 */
export const imageSuites: Record<string, string[]> = {
  bases: ['tests/{set-up,stand-ins}/*.test.ts'],
  checks: ['packages/contract/src/{bake,broken,engine,local-image}.image.test.ts'],
  predictions: [
    'packages/compare/src/prediction.image.test.ts',
    'packages/dockerfile/src/mistakes.image.test.ts',
  ],
  dockerfiles: ['packages/compare/src/prediction-others.image.test.ts'],
  languages: ['packages/compare/src/{bytecode,rebuild-languages}.image.test.ts'],
  workspace: ['packages/compare/src/{prediction-here,rebuild}.image.test.ts'],
  stack: ['packages/stack/src/*.image.test.ts'],
  matrix: [
    'packages/compare/src/{cli,ladder,sizes}.image.test.ts',
    'packages/contract/src/bake-file.image.test.ts',
  ],
  contract: ['packages/contract/src/images.image.test.ts'],
}
