import { analyze } from '@stagecraft/dockerfile'
import { describe, expect, it } from 'vitest'
import { buildGraph } from './graph.ts'
import { nodeSize, placeGraph } from './layout.ts'

const dockerfile = `FROM node:24 AS build
COPY package.json .
RUN --mount=from=ubuntu,target=/tools npm install
COPY src src
FROM alpine AS tools
FROM build
FROM scratch AS unused
COPY --from=busybox /bin /bin
FROM debian
COPY --from=build /a /a
COPY --from=build /b /b
COPY --from=1 /c /c
`

const graph = buildGraph(analyze(dockerfile, { changed: [{ path: 'src/a' }] }))

describe('the graph', () => {
  it('has the external images, and the stages with what becomes of their steps', () => {
    expect(graph.nodes.map(({ kind, label, reached }) => `${kind} ${label} ${reached}`)).toEqual([
      'image node:24 true',
      'image ubuntu true',
      'image alpine true',
      'image busybox false',
      'image debian true',
      'stage build true',
      'stage tools true',
      'stage stage 2 false',
      'stage unused false',
      'stage stage 4 true',
    ])
    expect(graph.nodes.find(({ id }) => id === 'stage:0')).toMatchObject({
      from: 'node:24',
      line: 1,
      isTarget: false,
      tally: { instructions: 4, steps: 4, reruns: 1, mayRerun: 0 },
    })
    expect(graph.nodes.filter((node) => node.kind === 'stage' && node.isTarget)).toMatchObject([
      { id: 'stage:4' },
    ])
  })

  it('has one edge for all that a stage takes from the same place, faded where the build does not need it', () => {
    expect(
      graph.edges.map(({ source, target, label, reached }) => `${source} ${target} ${label} ${reached}`),
    ).toEqual([
      'image:node:24 stage:0 FROM true',
      'image:ubuntu stage:0 RUN mount true',
      'image:alpine stage:1 FROM true',
      'stage:0 stage:2 FROM false',
      'image:busybox stage:3 COPY false',
      'image:debian stage:4 FROM true',
      'stage:0 stage:4 COPY ×2 true',
      'stage:1 stage:4 COPY true',
    ])
  })
})

describe('the layout', () => {
  const { nodes, edges } = placeGraph(graph)

  it('puts what a stage uses above it', () => {
    const top = new Map(nodes.map(({ id, y }) => [id, y]))
    for (const { source, target } of edges)
      expect(top.get(source)).toBeLessThan((top.get(target) ?? 0) - nodeSize.height)
  })

  it('lets no two nodes overlap', () => {
    for (const [index, a] of nodes.entries())
      for (const b of nodes.slice(index + 1))
        expect(Math.abs(a.x - b.x) >= nodeSize.width || Math.abs(a.y - b.y) >= nodeSize.height).toBe(true)
  })

  it('keeps labels on their lines and out of nodes', () => {
    for (const { labelAt } of edges)
      for (const { x, y } of nodes)
        expect(
          labelAt.x > x && labelAt.x < x + nodeSize.width && labelAt.y > y && labelAt.y < y + nodeSize.height,
        ).toBe(false)
  })

  it('draws lines from the bottom of what is used to the top of what uses it', () => {
    const at = new Map(nodes.map(({ id, x, y }) => [id, { x: x + nodeSize.width / 2, y }]))
    for (const { source, target, path } of edges) {
      const [from, to] = [at.get(source), at.get(target)]
      expect(path.startsWith(`M${from?.x},${(from?.y ?? 0) + nodeSize.height} `)).toBe(true)
      expect(path.endsWith(` ${to?.x},${to?.y}`)).toBe(true)
    }
  })

  it('lets no line bend beside a node, where it could run through the next one', () => {
    const bends = edges.flatMap(({ path }) => {
      const ends = path
        .split(/(?= [CV])/)
        .map((command) => [command.trim()[0], Number(/[\d.]+$/.exec(command))] as const)
      return ends.flatMap(([command, y], index) =>
        command === 'C' ? [[ends[index - 1]?.[1], y] as const] : [],
      )
    })
    expect(bends.length).toBeGreaterThanOrEqual(2 * edges.length)
    for (const [top = 0, bottom = 0] of bends)
      for (const { y } of nodes) expect(bottom <= y || top >= y + nodeSize.height).toBe(true)
  })
})
