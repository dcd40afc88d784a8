import { execa } from 'execa'

/** What one of BuildKit's build checks says of a Dockerfile. */
export interface BuildCheck {
  /** As `JSONArgsRecommended`. */
  rule: string
  /** Undefined for what concerns no line. */
  line: number | undefined
  detail: string
}

interface Warning {
  ruleName: string
  detail: string
  location?: { ranges?: { start: { line: number } }[] }
}

/**
 * Asks BuildKit to check a Dockerfile; nothing is built. The images that it begins from are looked up.
 * @param dockerfile absolute path
 * @param context path or URL of the build context
 * @returns an empty list, too, for a Dockerfile that cannot be read: a build says why
 * @see https://docs.docker.com/reference/build-checks/
 */
export async function buildChecks(
  dockerfile: string,
  context: string,
  { target, args = {} }: { target?: string | undefined; args?: Readonly<Record<string, string>> } = {},
): Promise<BuildCheck[]> {
  const flags = [
    '--builder=default',
    '--call=check,format=json',
    `--file=${dockerfile}`,
    ...(target ? [`--target=${target}`] : []),
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
  ]
  const options = { reject: false, stdin: 'ignore' } as const
  const { stdout } = await execa('docker', ['buildx', 'build', ...flags, context], options)
  const { warnings } = JSON.parse(stdout || '{}') as { warnings?: Warning[] | null }
  return (warnings ?? []).map(({ ruleName: rule, detail, location }) => ({
    rule,
    line: location?.ranges?.[0]?.start.line,
    detail,
  }))
}
