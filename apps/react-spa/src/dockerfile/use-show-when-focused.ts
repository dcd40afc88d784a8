import type { Point } from '@dagrejs/dagre'
import { useReactFlow } from '@xyflow/react'
import type { FocusEvent } from 'react'
import { nodeSize } from './layout.ts'

/** Moves the drawing so that a node that the keyboard came to is in it. */
export function useShowWhenFocused(node: Point): (event: FocusEvent<HTMLElement>) => void {
  const { setCenter, getViewport } = useReactFlow()
  return ({ currentTarget }) => {
    const frame = currentTarget.closest('.react-flow')
    if (!frame || !currentTarget.matches(':focus-visible')) return
    // Where it is drawn, and not where it is seen: by now the browser may have scrolled what must not scroll.
    const { x, y, zoom } = getViewport()
    const left = node.x * zoom + x
    const top = node.y * zoom + y
    const inside =
      left >= 0 &&
      left + nodeSize.width * zoom <= frame.clientWidth &&
      top >= 0 &&
      top + nodeSize.height * zoom <= frame.clientHeight
    if (!inside) setCenter(node.x + nodeSize.width / 2, node.y + nodeSize.height / 2, { zoom })
  }
}
