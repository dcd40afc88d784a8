import { inSharedContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { routeProblems, unknownPathProblems } from '../routes.ts'

export const answers: Check = {
  id: 'answers',
  promise: 'its declared routes give the declared status, type and body, and an unknown path gives 404',
  check: (subject) =>
    inSharedContainer(answers, subject, async ({ url }) => {
      const problems = [...(await routeProblems(url, subject)), ...(await unknownPathProblems(url))]
      if (problems.length > 0)
        throw new BrokenPromise(
          answers,
          problems.join('; '),
          `the app's routes, and \`routes\` in apps/${subject.app}/image.config.ts`,
        )
    }),
}
