import { fileLayerCache, type Image, readImage } from '@stagecraft/image'
import type Dockerode from 'dockerode'
import { canary } from './canary.ts'
import { engine } from './engine.ts'
import { fileImageCache } from './image-cache.ts'

/** What the engine tells of an image, with the parts of its config that the typings leave out. */
export type ImageInspection = Dockerode.ImageInspectInfo & {
  Config: { Healthcheck?: Dockerode.HealthConfig | undefined; StopSignal?: string | undefined }
}

/** @throws Error when there is no such image */
export async function inspectImage(image: string): Promise<ImageInspection> {
  const found = await findImage(image)
  if (!found) throw new Error(`There is no local image ${image}. Build it: docker buildx bake all`)
  return found
}

/** As {@link inspectImage}; undefined when there is no such image. */
export async function findImage(image: string): Promise<ImageInspection | undefined> {
  const handle = (await engine()).getImage(image)
  return handle.inspect().catch((error) => {
    if (error.statusCode === 404) return undefined
    throw error
  })
}

/** The archive of a local image, as `docker save` writes it. @throws Error when there is no such image */
export async function exportArchive(image: string): Promise<NodeJS.ReadableStream> {
  await inspectImage(image)
  return (await engine()).getImage(image).get()
}

/**
 * Analyses a local image, with the canary among what is looked for.
 * @param layerCache directory where analyses are remembered
 * @throws Error when there is no such image; ImageArchiveError when it cannot be read
 */
export async function readLocalImage(image: string, layerCache: string): Promise<Image> {
  const read = () => readOrRemember(image, layerCache)
  const reading = lastRead.then(read, read)
  lastRead = reading
  return reading
}

/** One at a time: images share layers, which the next one then finds in the cache. */
let lastRead: Promise<unknown> = Promise.resolve()

async function readOrRemember(image: string, directory: string): Promise<Image> {
  const needles = [canary]
  const cache = await fileImageCache(directory, needles)
  const manifest = await findManifest(image)
  const known = manifest && (await cache.get(manifest))
  if (known) return known

  const archive = (await exportArchive(image)) as AsyncIterable<Uint8Array>
  const read = await readImage(archive, { needles, cache: fileLayerCache(directory) })
  if (read.manifestDigest) await cache.set(read.manifestDigest, read)
  return read
}

/**
 * The digest of an image's manifest, which stays the same from build to build where the image's ID does not, for that
 * counts the build's provenance in. Undefined outside the containerd image store, and for images of several platforms.
 */
async function findManifest(image: string): Promise<string | undefined> {
  const listed = await (await engine()).listImages({ manifests: true, filters: { reference: [image] } })
  const manifests = listed.flatMap(({ Manifests }) => Manifests ?? [])
  const [one, ...others] = manifests.filter(({ Kind, Available }) => Kind === 'image' && Available)
  return others.length === 0 ? one?.ID : undefined
}
