import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Layer, listFiles, storeReader } from '@stagecraft/image'

/**
 * In what two images differ: parts of the config, and files by their layer and path. Empty for one and the same.
 * @param a absolute path of an OCI layout with one image
 */
export async function differences(a: string, b: string): Promise<string[]> {
  const [one, other] = await Promise.all([readLayout(a), readLayout(b)])
  const found = configDifferences(JSON.parse(one.rawConfig), JSON.parse(other.rawConfig))
  for (const [index, layer] of one.layers.entries()) {
    const twin = other.layers[index]
    if (layer.diffId === twin?.diffId) continue
    const paths = twin ? await layerDifferences([a, layer], [b, twin]) : ['there is only one']
    const more = paths.length > 20 ? ` and ${paths.length - 20} more` : ''
    found.push(`the layer of \`${layer.createdBy}\`: ${paths.slice(0, 20).join(', ')}${more}`)
  }
  return found
}

async function readLayout(directory: string) {
  const { manifests } = JSON.parse(await readFile(join(directory, 'index.json'), 'utf8'))
  return storeReader(directory)(manifests[0].digest)
}

type Config = Record<string, unknown>

function configDifferences(a: Config, b: Config, path = ''): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const [one, other] = [a[key], b[key]]
    // The layers' digests say less than the layers do.
    if (path + key === 'rootfs' || JSON.stringify(one) === JSON.stringify(other)) return []
    if (isObject(one) && isObject(other)) return configDifferences(one, other, `${path}${key}.`)
    return [`${path}${key} is ${JSON.stringify(one)} and ${JSON.stringify(other)}`]
  })
}

function isObject(value: unknown): value is Config {
  return typeof value === 'object' && value !== null
}

async function layerDifferences(...layers: [[string, Layer], [string, Layer]]): Promise<string[]> {
  const [one, other] = await Promise.all(
    layers.map(async ([directory, { digest, entries }]) => {
      const blob = join(directory, 'blobs', digest.replace(':', '/'))
      const files = await listFiles(createReadStream(blob))
      return new Map(entries.map((entry) => [entry.path, { ...entry, ...files.get(entry.path) }]))
    }),
  )
  const paths = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])].sort()
  const found = paths.flatMap((path) => {
    const [a, b] = [one?.get(path), other?.get(path)]
    if (!a || !b) return [`${path} (in one only)`]
    const differs = (['type', 'mode', 'uid', 'gid', 'size', 'target', 'sha256', 'modified'] as const).filter(
      (key) => a[key] !== b[key],
    )
    return differs.length > 0 ? [`${path} (${differs.join(', ')})`] : []
  })
  return found.length > 0 ? found : ['the order of its files, or attributes of them']
}
