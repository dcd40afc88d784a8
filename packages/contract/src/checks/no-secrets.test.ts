import { expect, it } from 'vitest'
import { isUnwanted } from './no-secrets.ts'

it.each([
  '/app/.git',
  '/app/.git/config',
  '/repo/apps/api/.env',
  '/repo/.env.local',
  '/root/.npmrc',
  '/app/src/store.test.ts',
  '/repo/apps/api/test/child.ts',
  '/app/tests/conftest.py',
  '/srv/__tests__/app.js',
  '/app/dist/main.js.map',
  '/app/main_test.go',
])('an image should not have %s', (path) => {
  expect(isUnwanted(path)).toBe(true)
})

it.each([
  '/app/.gitignore',
  '/app/dist/env.js',
  '/app/dist/test.js',
  '/app/dist/latest/main.js',
  '/app/node_modules/express/test/app.js',
  '/app/node_modules/pino/.npmrc',
  '/app/node_modules/express/index.js.map',
  '/app/.venv/lib/python3.13/site-packages/flask/tests/test_app.py',
  '/usr/lib/python3.13/test/support.py',
  '/usr/local/cargo/registry/src/index.crates.io-1/sharded-slab-0.1.7/.envrc',
  '/go/pkg/mod/golang.org/x/net@v0.62.0/http2/http2_test.go',
])('an image may have %s', (path) => {
  expect(isUnwanted(path)).toBe(false)
})
