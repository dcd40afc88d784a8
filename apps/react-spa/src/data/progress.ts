import type { Failure, ImageName, Report } from '@stagecraft/report/schema'
import { counted } from './format.ts'
import { imageName } from './images.ts'

/** The planned images that have neither figures nor failed, in their order. */
export function unmeasured({ planned = [], images, failures = [] }: Report): ImageName[] {
  const over = new Set([...images, ...failures].map(imageName))
  return planned.filter((image) => !over.has(imageName(image)))
}

/** The images whose figures are still to come. */
export function imagesToCome(report: Report): ImageName[] {
  return report.state === 'running' ? unmeasured(report) : []
}

/** "7 of 28 images measured, 1 failed"; without a plan, how many so far. */
export function progressWords({ planned = [], images, failures = [] }: Report): string {
  const total = counted(planned.length || images.length, 'image')
  const measured = planned.length > 0 ? `${images.length} of ${total} measured` : `${total} measured`
  return failures.length > 0 ? `${measured}, ${failures.length} failed` : measured
}

const stepWords: Record<Failure['step'], string> = {
  base: 'has no base image to build on',
  build: 'could not be built',
  read: 'could not be read',
  start: 'did not start',
}

/** "express-api:prod could not be built". */
export function failureWords(failure: Failure): string {
  return `${imageName(failure)} ${stepWords[failure.step]}`
}
