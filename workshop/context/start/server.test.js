import assert from 'node:assert/strict'
import { test } from 'node:test'

test('one and one', () => assert.equal(1 + 1, 2))
