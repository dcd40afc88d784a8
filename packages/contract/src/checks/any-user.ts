import { randomInt } from 'node:crypto'
import { inContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { routeProblems } from '../routes.ts'
import { bootSubject } from '../subject.ts'

export const anyUser: Check = {
  id: 'any-user',
  promise: 'runs under a random UID with GID 0, as on platforms that give each project its own',
  async check(subject) {
    const user = `${randomInt(10_000, 65_000)}:0`
    await inContainer(anyUser, bootSubject(subject, { user }), async ({ url }) => {
      const problems = await routeProblems(url, subject)
      if (problems.length > 0)
        throw new BrokenPromise(
          anyUser,
          `as ${user}, ${problems.join('; ')}`,
          'what the app writes to: group 0 may write there when it is owned by it and has mode 0770',
        )
    })
  },
}
