export { listApps } from './apps.ts'
export { type BakeImage, type BakeRun, bake, bakeImages, timeBake } from './bake.ts'
export { startBare } from './bare.ts'
export { baseImages, productBase } from './base-images.ts'
export { type EmptyBuilder, findBuildkit, startBuilder } from './builder.ts'
export { canary, canarySecret } from './canary.ts'
export {
  type Bootable,
  boot,
  memoryInUse,
  NotReady,
  type RunningContainer,
  type Settings,
} from './container.ts'
export { copyTree } from './copy-tree.ts'
export { buildDefinition, type Definition, type DefinitionTarget, printDefinition } from './definition.ts'
export { engine, removedWithThisProcess } from './engine.ts'
export { evidence } from './evidence.ts'
export { cacheDirectory } from './image-cache.ts'
export { ownerLabel, standInLabel } from './labels.ts'
export {
  findContentStore,
  findImage,
  type ImageInspection,
  inspectImage,
  type ReadOptions,
  readExported,
  readLocalImage,
  readLocalImages,
  readStored,
} from './local-image.ts'
export { type ContainerLog, readLog } from './log.ts'
export { eventually, slowness, within } from './pace.ts'
export { type BuildProgress, readProgress, type StepRun } from './progress.ts'
export {
  mirrorOf,
  type PushedLayer,
  pushAs,
  pushBase,
  pushedLayers,
  type Registry,
  startRegistry,
} from './registry.ts'
export { type Revision, readRevision } from './revision.ts'
export { readSavedImage } from './saved-image.ts'
export { runBeside } from './sidecar.ts'
export { listVariants, products, type Variant, variants } from './variants.ts'
export { createVolume } from './volume.ts'
