import { addAbortSignal, type Readable } from 'node:stream'
import { fileLayerCache, type Image, readImage, readImages } from '@stagecraft/image'
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

/**
 * Analyses a local image, with the canary among what is looked for.
 * @param layerCache directory where analyses are remembered
 * @throws Error when there is no such image; ImageArchiveError when it cannot be read
 */
export async function readLocalImage(image: string, layerCache: string): Promise<Image> {
  const [read] = await readLocalImages([image], layerCache)
  return read as Image
}

/** As {@link readLocalImage}, in the order asked for: the engine exports what the images share once. */
export async function readLocalImages(
  images: readonly string[],
  layerCache: string,
  signal?: AbortSignal,
): Promise<Image[]> {
  const read = () => readOrRemember(images, layerCache, signal)
  const reading = lastRead.then(read, read)
  lastRead = reading
  return reading
}

/** One at a time: what comes next finds what is shared in the cache. */
let lastRead: Promise<unknown> = Promise.resolve()

async function readOrRemember(
  images: readonly string[],
  directory: string,
  signal?: AbortSignal,
): Promise<Image[]> {
  const needles = [canary]
  const remembered = await fileImageCache(directory, needles)
  const options = { needles, cache: fileLayerCache(directory) }
  const manifests = await Promise.all(images.map(findManifest))
  const found = await Promise.all(manifests.map((digest) => digest && remembered.get(digest)))
  const unread = images.filter((_, index) => !found[index])
  // One by one where the engine does not say which of an archive's images is which.
  const together = unread.length > 1 && !manifests.includes(undefined)
  const fresh = together ? await readImages(await exportArchive(unread, signal), options) : []
  if (!together)
    for (const image of unread) fresh.push(await readImage(await exportArchive([image], signal), options))
  for (const image of fresh) if (image.manifestDigest) await remembered.set(image.manifestDigest, image)

  return images.map((image, index) => {
    const digest = manifests[index]
    const read = together
      ? fresh.find(({ manifestDigest }) => manifestDigest === digest)
      : fresh[unread.indexOf(image)]
    const result = found[index] || read
    if (!result)
      throw new Error(`The engine's archive lacks ${image}. Build it again: docker buildx bake all`)
    return result
  })
}

/** A method that the typings leave out. */
type Exporter = { getImages(options: { names: readonly string[] }): Promise<Readable> }

/** As `docker save` writes it. @throws Error when there is no such image */
async function exportArchive(images: readonly string[], signal: AbortSignal | undefined): Promise<Readable> {
  await Promise.all(images.map(inspectImage))
  const docker = (await engine()) as unknown as Exporter
  const archive = await docker.getImages({ names: images })
  return signal ? addAbortSignal(signal, archive) : archive
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
