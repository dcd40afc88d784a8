import { inContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { routeProblems } from '../routes.ts'
import { bootSubject, limits } from '../subject.ts'

export const readOnly: Check = {
  id: 'read-only',
  promise:
    'runs with a read-only root, all capabilities dropped, no-new-privileges, 256 MB, 128 pids and `/tmp` as tmpfs',
  check: (subject) =>
    inContainer(readOnly, bootSubject(subject, { host: limits }), async ({ url }) => {
      const problems = await routeProblems(url, subject)
      if (problems.length > 0)
        throw new BrokenPromise(
          readOnly,
          problems.join('; '),
          'where the app writes: a VOLUME or /tmp; a volume that only it knows belongs in `writable` of image.config.ts',
        )
    }),
}
