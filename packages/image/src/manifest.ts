import { posix } from 'node:path'
import {
  type Descriptor,
  type Document,
  parseConfig,
  parseDockerManifest,
  parseManifest,
  platformName,
} from './documents.ts'
import { ImageArchiveError } from './errors.ts'
import type { LayerFacts } from './layer.ts'

/** The parts of images, by their path in an OCI layout or in an archive of another form. */
export interface Parts {
  documents: Map<string, Document>
  /** The layers that are there. Gives the facts, or throws why a layer cannot be read. */
  layers: Map<string, () => Promise<LayerFacts>>
  /** Symbolic and hard links among the entries of an archive, as path to path. */
  links: Map<string, string>
}

/** One image: where its parts are. */
export interface Candidate {
  manifestDigest?: string
  config: string
  layers: string[]
  platform: string
}

/**
 * The image for the asked platform, or the only one. An engine may export an index of which it holds one platform's
 * blobs only: without a platform asked for, an image that is complete goes before those that are not.
 */
export function chooseImage(parts: Parts, platform?: string): Candidate {
  const all = candidates(parts)
  const names = all.map((each) => each.platform).join(', ')
  const asked = all.filter((each) => !platform || `${each.platform}/`.startsWith(`${platform}/`))
  if (asked.length === 0)
    throw new ImageArchiveError(
      'PLATFORM_MISSING',
      `There is no image for ${platform}, only for ${names}. Build or pull it for ${platform}, or ask for one of those.`,
    )
  const complete = asked.filter((each) => isComplete(parts, each))
  const [first, second] = complete.length > 0 ? complete : asked
  if (second)
    throw new ImageArchiveError(
      'PLATFORM_AMBIGUOUS',
      `There are several images: ${names}. Ask for one: --platform ${names.split(',')[0]}`,
    )
  return first as Candidate
}

/** Every image that is whole, in the order of the index. */
export function completeImages(parts: Parts): Candidate[] {
  return candidates(parts).filter((each) => isComplete(parts, each))
}

function candidates(parts: Parts): Candidate[] {
  const index = parts.documents.get('index.json')
  if (index) {
    const found = new Map<string, Candidate>()
    const missing: string[] = []
    const visit = (document: Document, descriptor?: Descriptor) => {
      const parsed = parseManifest(document)
      if ('index' in parsed) {
        for (const child of parsed.index.filter((each) => !each.attestation)) {
          const blob = parts.documents.get(blobPath(child.digest))
          if (blob) visit(blob, child)
          else missing.push(child.digest)
        }
        return
      }
      const config = blobPath(parsed.config.digest)
      found.set(document.digest, {
        manifestDigest: document.digest,
        config,
        layers: parsed.layers.map((layer) => blobPath(layer.digest)),
        platform: descriptor?.platform ?? platformOf(parts, config),
      })
    }
    visit(index)
    if (found.size > 0) return [...found.values()]
    if (missing.length > 0)
      throw new ImageArchiveError(
        'MANIFEST_MISSING',
        `The image's index points to ${missing[0]}, which is missing. Save, build or pull the image again.`,
      )
  }

  const docker = parts.documents.get('manifest.json')
  const images = docker ? parseDockerManifest(docker) : []
  if (images.length === 0)
    throw new ImageArchiveError(
      'NO_MANIFEST',
      'The archive holds neither an index.json nor a manifest.json with an image. Give what `docker save` writes.',
    )
  const byConfig = new Map(images.map((image) => [image.config, image]))
  return Array.from(byConfig.values(), ({ config, layers }) => ({
    config: follow(parts, config),
    layers: layers.map((layer) => follow(parts, layer)),
    platform: platformOf(parts, follow(parts, config)),
  }))
}

function platformOf(parts: Parts, path: string): string {
  const document = parts.documents.get(path)
  if (!document) return 'unknown'
  const { os, architecture, variant } = parseConfig(document)
  return platformName(os, architecture, variant)
}

function isComplete(parts: Parts, image: Candidate): boolean {
  return parts.documents.has(image.config) && image.layers.every((layer) => parts.layers.has(layer))
}

/** Where an OCI layout has a blob. */
export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}

/** Follows links among the entries of an archive. */
function follow(parts: Parts, path: string): string {
  let at = posix.normalize(path)
  for (let hops = 0; hops < 8; hops++) {
    const next = parts.links.get(at)
    if (next === undefined) break
    at = next
  }
  return at
}
