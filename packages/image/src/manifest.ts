import { type Archive, type Document, follow } from './archive.ts'
import {
  type Descriptor,
  parseConfig,
  parseDockerManifest,
  parseManifest,
  platformName,
} from './documents.ts'
import { ImageArchiveError } from './errors.ts'

/** One image of an archive: where its parts are. */
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
export function chooseImage(archive: Archive, platform?: string): Candidate {
  const all = candidates(archive)
  const names = all.map((each) => each.platform).join(', ')
  const asked = all.filter((each) => !platform || `${each.platform}/`.startsWith(`${platform}/`))
  if (asked.length === 0)
    throw new ImageArchiveError(
      'PLATFORM_MISSING',
      `The archive holds no image for ${platform}, only for ${names}. Build or pull it for ${platform}, or ask for one of those.`,
    )
  const complete = asked.filter((each) => isComplete(archive, each))
  const [first, second] = complete.length > 0 ? complete : asked
  if (second)
    throw new ImageArchiveError(
      'PLATFORM_AMBIGUOUS',
      `The archive holds several images: ${names}. Ask for one platform, or save one image only.`,
    )
  return first as Candidate
}

/** Every image that is whole in the archive, in the order of its index. */
export function completeImages(archive: Archive): Candidate[] {
  return candidates(archive).filter((each) => isComplete(archive, each))
}

function candidates(archive: Archive): Candidate[] {
  const index = archive.documents.get('index.json')
  if (index) {
    const found = new Map<string, Candidate>()
    const missing: string[] = []
    const visit = (document: Document, descriptor?: Descriptor) => {
      const parsed = parseManifest(document)
      if ('index' in parsed) {
        for (const child of parsed.index.filter((each) => !each.attestation)) {
          const blob = archive.documents.get(blobPath(child.digest))
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
        platform: descriptor?.platform ?? platformOf(archive, config),
      })
    }
    visit(index)
    if (found.size > 0) return [...found.values()]
    if (missing.length > 0)
      throw new ImageArchiveError(
        'MANIFEST_MISSING',
        `The archive's index points to ${missing[0]}, which is not in it. Save the image again.`,
      )
  }

  const docker = archive.documents.get('manifest.json')
  const images = docker ? parseDockerManifest(docker) : []
  if (images.length === 0)
    throw new ImageArchiveError(
      'NO_MANIFEST',
      'The archive holds neither an index.json nor a manifest.json with an image. Give what `docker save` writes.',
    )
  const byConfig = new Map(images.map((image) => [image.config, image]))
  return Array.from(byConfig.values(), ({ config, layers }) => ({
    config: follow(archive, config),
    layers: layers.map((layer) => follow(archive, layer)),
    platform: platformOf(archive, follow(archive, config)),
  }))
}

function platformOf(archive: Archive, path: string): string {
  const document = archive.documents.get(path)
  if (!document) return 'unknown'
  const { os, architecture, variant } = parseConfig(document)
  return platformName(os, architecture, variant)
}

function isComplete(archive: Archive, image: Candidate): boolean {
  return archive.documents.has(image.config) && image.layers.every((layer) => archive.layers.has(layer))
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}
