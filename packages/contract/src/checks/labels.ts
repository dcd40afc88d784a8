import { BrokenPromise, type Check } from '../model.ts'

const names = ['title', 'description', 'source', 'revision', 'version', 'created', 'licenses']
const prefix = 'org.opencontainers.image.'

/** RFC 3339, date-time. */
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

export const labels: Check = {
  id: 'labels',
  promise: `has the OCI labels ${names.join(', ')}, and \`created\` is a time as in RFC 3339`,
  async check(subject) {
    const { Config } = await subject.inspect()
    const missing = names.filter((name) => !Config.Labels?.[prefix + name]?.trim())
    if (missing.length > 0)
      throw new BrokenPromise(
        labels,
        `there is no ${missing.map((name) => prefix + name).join(', ')}`,
        '`labels` in docker-bake.hcl',
      )
    const created = Config.Labels?.[`${prefix}created`] ?? ''
    if (!timestamp.test(created) || Number.isNaN(Date.parse(created)))
      throw new BrokenPromise(
        labels,
        `${prefix}created is ${created}`,
        'where it is set: `date --utc +%Y-%m-%dT%H:%M:%SZ` prints one',
      )
  },
}
