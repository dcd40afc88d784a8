import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { variants } from '@stagecraft/engine'
import { Compile } from 'typebox/compile'
import { contract, robustness } from './contract.ts'
import { ImageConfig } from './image-config.ts'

const validator = Compile(ImageConfig)

/**
 * Reads `image.config.ts`, an app's default-exported plain data.
 * @param appDir absolute path of the app's folder
 * @throws Error when there is none, or when it is wrong, naming every place that is
 */
export async function loadImageConfig(appDir: string): Promise<ImageConfig> {
  const file = join(appDir, 'image.config.ts')
  const name = `apps/${basename(appDir)}/image.config.ts`
  if (!existsSync(file))
    throw new Error(
      `There is no ${name}. Write one: packages/contract/src/image-config.ts says what belongs in it.`,
    )
  const module = await import(pathToFileURL(file).href)
  const problems = configProblems(module.default)
  if (problems.length > 0) throw new Error([`${name} is wrong:`, ...problems].join('\n  '))
  return module.default
}

/** Where `value` is not an {@link ImageConfig}; an empty array when it is one. */
export function configProblems(value: unknown): string[] {
  if (!validator.Check(value))
    return (
      validator
        .Errors(value)
        // Each unknown property has an error of its own besides.
        .filter(({ keyword }) => keyword !== 'additionalProperties')
        .map(({ keyword, instancePath, message }) =>
          keyword === 'boolean' ? `${instancePath} is not known` : `${instancePath || '/'} ${message}`,
        )
    )
  const budgets = Object.keys(value.budget ?? {}).filter((name) => !variants.some((each) => each === name))
  const unknown = budgets.map((name) => `/budget/${name} names no variant: there are ${variants.join(', ')}`)
  const excuses = Object.entries(value.excused ?? {}).flatMap(([variant, excuses]) =>
    Object.entries(excuses).flatMap(([id, reason]) => {
      const problem = excuseProblem(variant, id, reason)
      return problem ? [`/excused/${variant}/${id} ${problem}`] : []
    }),
  )
  return [...unknown, ...excuses]
}

function excuseProblem(variant: string, id: string, reason: string): string | undefined {
  const known = variants.find((each) => each === variant)
  if (!known) return `names no variant: there are ${variants.join(', ')}`
  const checks = [...contract, ...robustness]
  const check = checks.find((each) => each.id === id)
  if (!check) return `names no check: there are ${checks.map((each) => each.id).join(', ')}`
  if (check.appliesTo && !check.appliesTo.includes(known)) return 'excuses from what was never promised'
  return reason.trim() === '' ? 'gives no reason' : undefined
}
