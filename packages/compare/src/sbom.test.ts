import { sampleImage } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { toCycloneDx } from './sbom.ts'

const { contents } = sampleImage()
const image = {
  image: 'registry.example.com:5000/team/app:1.0',
  contents: {
    ...contents,
    osPackages: [{ name: 'libstdc++6', version: '14.2.0-19' }],
    npmPackages: [
      { name: '@types/node', version: '26.6.6' },
      { name: 'express', version: '5.3.0' },
      { name: 'express', version: '5.3.0' },
    ],
    pythonPackages: [{ name: 'Flask_Login.X', version: '1.0' }],
    goModules: [{ name: 'golang.org/x/net', version: 'v0.40.0' }],
    rustCrates: [{ name: 'axum', version: '0.8.9' }],
  },
}

it('names the image and every package once, by its package URL', () => {
  const bom = JSON.parse(toCycloneDx(image))
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      component: { type: 'container', name: 'registry.example.com:5000/team/app', version: '1.0' },
    },
  })
  expect(bom.components.map(({ purl }: { purl: string }) => purl).sort()).toEqual([
    'pkg:cargo/axum@0.8.9',
    'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19',
    'pkg:golang/golang.org/x/net@v0.40.0',
    'pkg:npm/%40types/node@26.6.6',
    'pkg:npm/express@5.3.0',
    'pkg:pypi/flask-login-x@1.0',
  ])
})

it('is the same for the same image', () => {
  expect(toCycloneDx(image)).toBe(toCycloneDx(image))
})
