import { access, constants, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addAbortSignal, type Readable } from 'node:stream'
import {
  cacheKey,
  fileCache,
  type Image,
  readImage,
  readImages,
  type StoreReader,
  storeReader,
} from '@stagecraft/image'
import type Dockerode from 'dockerode'
import { canary } from './canary.ts'
import { engine } from './engine.ts'
import { cacheDirectory } from './image-cache.ts'

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

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Where what is found is remembered, instead of the user's own directory. */
  cacheDirectory?: string | undefined
  /** Byte strings to look for, instead of the canary. */
  needles?: readonly string[] | undefined
}

/**
 * Analyses a local image, with the canary among what is looked for. What several calls under way ask for is read once.
 * @throws Error when there is no such image; ImageArchiveError when it cannot be read; the signal's reason
 */
export async function readLocalImage(image: string, options?: ReadOptions): Promise<Image> {
  const [read] = await readLocalImages([image], options)
  return read as Image
}

/**
 * As {@link readLocalImage}, in the order asked for; once one cannot be read, the others are not read on. Where the
 * engine's own files cannot be read, it has to export the images, and what they share is exported once.
 */
export async function readLocalImages(
  images: readonly string[],
  options: ReadOptions = {},
): Promise<Image[]> {
  contentStore ??= findContentStore()
  const store = await contentStore
  return store === undefined ? readExported(images, options) : readStored(store, images, options)
}

const usual: readonly string[] = [canary]

const cacheIn = (directory: string | undefined) => (directory ? fileCache(directory) : undefined)

/** By the directory where each remembers, and what it looks for. Calls under way share what they read. */
const readers = new Map<string, StoreReader>()

/**
 * As {@link readLocalImages}, from the engine's own files.
 * @param store as {@link findContentStore} tells
 */
export async function readStored(
  store: string,
  images: readonly string[],
  { signal, ...options }: ReadOptions = {},
): Promise<Image[]> {
  const directory = options.cacheDirectory ?? (await cacheDirectory())
  const needles = options.needles ?? usual
  const key = JSON.stringify([directory, ...needles])
  const read = readers.get(key) ?? storeReader(store, { needles, cache: cacheIn(directory) })
  readers.set(key, read)
  const over = new AbortController()
  const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  try {
    return await Promise.all(
      images.map(async (name) => {
        const { Id } = await inspectImage(name)
        return read(Id, { signal: until })
      }),
    )
  } finally {
    over.abort()
  }
}

let contentStore: Promise<string | undefined> | undefined

/**
 * The directory with the `blobs` of the engine, in which an image's ID is the digest of its index. Undefined for an
 * engine without containerd's image store, or with one on another machine or of another user.
 */
export async function findContentStore(): Promise<string | undefined> {
  const { ID, DockerRootDir, DriverStatus, Containerd } = await (await engine()).info()
  const isContainerd = DriverStatus?.some(([, value]: string[]) => value === 'io.containerd.snapshotter.v1')
  if (!isContainerd) return undefined
  // The engine's own containerd, or the system's at its default.
  const isOwn = Containerd?.Address?.endsWith('/docker/containerd/containerd.sock') ?? true
  const state = isOwn ? join(DockerRootDir, 'containerd/daemon') : '/var/lib/containerd'
  const store = join(state, 'io.containerd.content.v1.content')
  try {
    // What is found at the path is this engine's only if it is on this machine.
    if ((await readFile(join(DockerRootDir, 'engine-id'), 'utf8')) !== ID) return undefined
    await access(join(store, 'blobs/sha256'), constants.R_OK | constants.X_OK)
    return store
  } catch {
    return undefined
  }
}

/** One export at a time: what comes next finds what is shared in the cache. */
let lastExport: Promise<unknown> = Promise.resolve()

/** As {@link readLocalImages}, out of archives that the engine exports. */
export async function readExported(images: readonly string[], options: ReadOptions = {}): Promise<Image[]> {
  const read = () => exportOrRemember(images, options)
  const reading = lastExport.then(read, read)
  lastExport = reading
  return reading
}

async function exportOrRemember(
  images: readonly string[],
  { signal, ...options }: ReadOptions,
): Promise<Image[]> {
  const directory = options.cacheDirectory ?? (await cacheDirectory())
  const needles = options.needles ?? usual
  const reading = { needles, cache: cacheIn(directory) }
  const manifests = new Map(
    await Promise.all(images.map(async (name) => [name, await findManifest(name)] as const)),
  )
  const read = new Map<string, Image>()

  for (const [name, digest] of manifests) {
    const known = digest && (await reading.cache?.get(cacheKey('image', digest, needles)))
    if (known) read.set(name, known as Image)
  }
  const unread = [...manifests.keys()].filter((name) => !read.has(name))
  // One by one where the engine does not say which of an archive's images is which.
  const together = unread.length > 1 && unread.every((name) => manifests.get(name))
  const fresh = together ? await readImages(await exportArchive(unread, signal), reading) : []
  for (const name of unread) {
    const image = together
      ? fresh.find(({ manifestDigest }) => manifestDigest === manifests.get(name))
      : await readImage(await exportArchive([name], signal), reading)
    if (!image) throw new Error(`The engine's archive lacks ${name}. Build it again: docker buildx bake all`)
    if (image.manifestDigest)
      await reading.cache?.set(cacheKey('image', image.manifestDigest, needles), image)
    read.set(name, image)
  }
  return images.map((name) => read.get(name) as Image)
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
