import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { Contents, ImageReport, Other } from '@stagecraft/report'

/** An image of a report, by its reference. */
type Described = Pick<ImageReport | Other, 'image' | 'contents'>

/**
 * What is in an image as a CycloneDX 1.6 document: every package by its name, version and package URL
 * (https://github.com/package-url/purl-spec). Without a time or a serial number, so that the same image gives the same
 * document.
 */
export function toCycloneDx({ image, contents }: Described): string {
  const bom = new Models.Bom()
  const [name = image, version = ''] = /^(.+?):([^:/]+)$/.exec(image)?.slice(1) ?? [image]
  bom.metadata.component = new Models.Component(Enums.ComponentType.Container, name, {
    version,
    bomRef: image,
  })
  for (const [name, version, purl] of packages(contents))
    bom.components.add(
      new Models.Component(Enums.ComponentType.Library, name, { version, purl, bomRef: purl }),
    )
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

/** As `@scope/name`, `1.2.3`, `pkg:npm/%40scope/name@1.2.3`, each once. */
function packages(contents: Contents): [name: string, version: string, purl: string][] {
  const { osPackages, npmPackages, pythonPackages = [], goModules = [], rustCrates = [] } = contents
  const all = [
    // Alpine's versions end in the package's revision.
    ...osPackages.map((each) => [/-r\d+$/.test(each.version) ? 'apk/alpine' : 'deb/debian', each] as const),
    ...npmPackages.map((each) => ['npm', each] as const),
    ...pythonPackages.map(
      ({ name, version }) =>
        ['pypi', { name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'), version }] as const,
    ),
    ...goModules.map((each) => ['golang', each] as const),
    ...rustCrates.map((each) => ['cargo', each] as const),
  ]
  const found = new Map<string, [string, string, string]>()
  for (const [type, { name, version }] of all) {
    const path = name.split('/').map(encodeURIComponent).join('/')
    const purl = `pkg:${type}/${path}${version && `@${encodeURIComponent(version)}`}`
    found.set(purl, [name, version, purl])
  }
  return [...found.values()]
}
