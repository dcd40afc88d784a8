export type Position = { x: number; y: number }

/** An SVG path through positions; a `stepped` one goes level to the next position, then up or down to it. */
export function linePath(positions: readonly Position[], stepped: boolean): string {
  const [first, ...rest] = positions
  if (!first) return ''
  const lines = rest.map(({ x, y }) => (stepped ? `H${round(x)}V${round(y)}` : `L${round(x)},${round(y)}`))
  return `M${round(first.x)},${round(first.y)}${lines.join('')}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
