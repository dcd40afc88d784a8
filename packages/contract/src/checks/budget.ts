import { products } from '@stagecraft/engine'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'

export const budget: Check = {
  id: 'budget',
  promise: 'adds at most the compressed megabytes to its base that its app declares',
  appliesTo: products,
  async check(subject) {
    const look = '`budget` in image.config.ts; `pnpm compare --budget` says what has grown'
    const allowed = subject.config.budget?.[subject.variant]
    if (allowed === undefined) throw new BrokenPromise(budget, 'it declares no budget', look)
    const { own } = await splitLayers(budget, subject)
    const added = own.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0) / 1e6
    if (added > allowed)
      throw new BrokenPromise(budget, `it adds ${added.toFixed(1)} MB and not ${allowed}`, look)
  },
}
