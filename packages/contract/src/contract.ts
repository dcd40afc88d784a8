import { answers } from './checks/answers.ts'
import { anyUser } from './checks/any-user.ts'
import { budget } from './checks/budget.ts'
import { health } from './checks/health.ts'
import { labels } from './checks/labels.ts'
import { logs } from './checks/logs.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { noTools } from './checks/no-tools.ts'
import { noWaste } from './checks/no-waste.ts'
import { nonRoot } from './checks/non-root.ts'
import { ports } from './checks/ports.ts'
import { readOnly } from './checks/read-only.ts'
import { ready } from './checks/ready.ts'
import { reproducible } from './checks/reproducible.ts'
import { stops } from './checks/stops.ts'
import { writeAccess } from './checks/write-access.ts'
import type { Check } from './model.ts'
import { badBody } from './robustness/bad-body.ts'
import { flood } from './robustness/flood.ts'
import { brokenChunks, malformed } from './robustness/malformed.ts'
import { oversizeBody, oversizeHead } from './robustness/oversize.ts'
import { slowClients } from './robustness/slow-clients.ts'

/** The promises that every image keeps. An app is excused from one only in its `image.config.ts`, with the reason. */
export const contract: readonly Check[] = [
  ready,
  answers,
  nonRoot,
  anyUser,
  readOnly,
  writeAccess,
  ports,
  logs,
  health,
  stops,
  labels,
  noSecrets,
  noTools,
  noWaste,
  reproducible,
  budget,
]

/** What is asked of the servers besides, over HTTP. It takes long, so it is left to the tests. */
export const robustness: readonly Check[] = [
  malformed,
  brokenChunks,
  oversizeHead,
  oversizeBody,
  badBody,
  flood,
  slowClients,
]
