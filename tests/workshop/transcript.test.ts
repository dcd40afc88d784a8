import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '@stagecraft/scripts/process'
import { expect, it } from 'vitest'
import { arrive } from './learner.ts'

const page = join(root, 'docs/workshop-transcript.md')

/** Sizes and times are those of a machine, and how long a step took is only known where it ran; the rest is the same. */
const masked = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/; it took \S+ s the last time/g, '')
    .replaceAll(/\d+(\.\d+)? (MB|GB|kB|s)\b/g, '#')

/** With RENEW=1, writes the page. */
it('docs/workshop-transcript.md is what a run prints', async () => {
  await using learner = await arrive()
  const dockerfile = join(learner.folder('cache-order'), 'Dockerfile')
  const parts: string[] = []
  const type = async (command: string, input?: string) => {
    const { said } = await learner.type(command, input)
    parts.push(`\`\`\`console\n$ pnpm workshop ${command}\n${said}\n\`\`\``)
  }
  await type('start cache-order')
  await type('predict', '5 6\n5 6\n')
  await type('check')
  await type('hint')
  const text = await readFile(dockerfile, 'utf8')
  const moved = text
    .replace('COPY . .\nRUN npm ci\n', 'COPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\n')
    .trimStart()
  await writeFile(dockerfile, moved)
  parts.push(`The order is another now:\n\n\`\`\`dockerfile\n${moved}\`\`\``)
  await type('check')
  const below = moved
    .replace('ARG VERSION=dev\nENV VERSION=$VERSION\n', '')
    .replace('EXPOSE', 'ARG VERSION=dev\nENV VERSION=$VERSION\nEXPOSE')
  await writeFile(dockerfile, below)
  parts.push(`\`VERSION\` goes below:\n\n\`\`\`dockerfile\n${below}\`\`\``)
  await type('check')
  const made = `# How an exercise goes\n\nWhat \`pnpm workshop\` printed in a run of a test; its sizes and times are those of that machine.\n\n${parts.join('\n\n')}\n`
  if (process.env.RENEW) await writeFile(page, made)
  expect(masked(await readFile(page, 'utf8'))).toBe(masked(made))
})
