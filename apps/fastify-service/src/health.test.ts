import { describeHealth } from '@stagecraft/service/test/describe-health'

describeHealth(new URL('health.ts', import.meta.url))
