import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../test/temporary-directory.ts'
import { migrations } from './migrations.ts'
import { isStorageFailure, openStore } from './store.ts'

function userVersion(directory: string): unknown {
  const db = new DatabaseSync(join(directory, 'reports.db'))
  const version = db.prepare('PRAGMA user_version').get()
  db.close()
  return version?.user_version
}

describe('the store', () => {
  it('makes its directory and its database', () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'a')
    const store = openStore(path)
    expect(store.list({ limit: 1, after: undefined })).toEqual({ items: [], next: null })
    store.close()
    expect(userVersion(path)).toBe(migrations.length)
  })

  it('brings an empty file up to date', () => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'reports.db'), '')
    const store = openStore(directory.path)
    store.add(sampleReport(), '{}')
    store.close()
    expect(userVersion(directory.path)).toBe(migrations.length)
  })

  it('learns from the reports of an older release which images were built on a stand-in, and takes them as done', () => {
    using directory = temporaryDirectory()
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    const base = { name: 'node:slim', standIn: true }
    const images = [sampleImage(), sampleImage({ variant: 'distroless', base })]
    db.exec(`${migrations[0]}; PRAGMA user_version = 1`)
    db.prepare("INSERT INTO reports VALUES (1, 0, 'abc', 2, ?)").run(JSON.stringify(sampleReport({ images })))
    for (const { app, variant } of images)
      db.prepare('INSERT INTO images VALUES (?, ?, 0, 1, 10, 20, 30)').run(app, variant)
    db.close()
    const store = openStore(directory.path)
    const history = (variant: string) => store.history('express-api', variant, { limit: 5, after: undefined })
    expect(history('prod').items).toMatchObject([{ unpackedBytes: 20, standIn: false }])
    expect(history('distroless').items).toMatchObject([{ unpackedBytes: 20, standIn: true }])
    expect(store.list({ limit: 5, after: undefined }).items).toMatchObject([{ id: 1, state: 'done' }])
    store.close()
  })

  it('keeps reports from one opening to the next', () => {
    using directory = temporaryDirectory()
    const first = openStore(directory.path)
    const { id } = first.add(sampleReport(), '{"kept":true}')
    first.close()
    const second = openStore(directory.path)
    expect(second.get(id)).toMatchObject({ document: '{"kept":true}' })
    second.close()
  })

  it('keeps its database in WAL mode', () => {
    using directory = temporaryDirectory()
    const store = openStore(directory.path)
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    db.close()
    store.close()
  })

  it('refuses a database of a newer release and leaves it alone', () => {
    using directory = temporaryDirectory()
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    db.exec('PRAGMA user_version = 7')
    db.close()
    expect(() => openStore(directory.path)).toThrow(
      /reports\.db has schema version 7, this release knows up to 3: run the release that wrote it/,
    )
    expect(userVersion(directory.path)).toBe(7)
  })

  it('takes a half-done migration back', () => {
    using directory = temporaryDirectory()
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    db.exec('CREATE TABLE images (something TEXT)')
    db.close()
    expect(() => openStore(directory.path)).toThrow(/table images already exists/)
    expect(userVersion(directory.path)).toBe(0)
  })

  it('refuses a file that is no database', () => {
    using directory = temporaryDirectory()
    writeFileSync(join(directory.path, 'reports.db'), 'x'.repeat(5000))
    expect(() => openStore(directory.path)).toThrow(
      /^DATA_DIR .* cannot hold the database: file is not a database\. Let UID \d+/,
    )
  })

  it('refuses a directory that is a file', () => {
    using directory = temporaryDirectory()
    const path = join(directory.path, 'file')
    writeFileSync(path, '')
    expect(() => openStore(path)).toThrow(/^DATA_DIR .*\/file cannot hold the database: EEXIST/)
  })

  it('keeps nothing of a report that it cannot keep whole', () => {
    using directory = temporaryDirectory()
    const store = openStore(directory.path)
    const images = [sampleReport().images, sampleReport().images].flat()
    expect(() => store.add(sampleReport({ images }), '{}')).toThrow(/UNIQUE constraint failed/)
    expect(store.latest()).toBeUndefined()
    store.close()
  })

  it('keeps the report that was there when it cannot keep the next one whole', () => {
    using directory = temporaryDirectory()
    const store = openStore(directory.path)
    const { id } = store.add(sampleReport({ state: 'running' }), '{"kept":true}')
    const images = [sampleImage({ variant: 'dev' }), sampleImage({ variant: 'dev' })]
    expect(() => store.replace(id, sampleReport({ images }), '{}')).toThrow(/UNIQUE constraint failed/)
    expect(store.get(id)).toMatchObject({ document: '{"kept":true}' })
    const page = { limit: 5, after: undefined }
    expect(store.history('express-api', 'prod', page).items).toHaveLength(1)
    expect(store.history('express-api', 'dev', page).items).toEqual([])
    store.close()
  })

  it('tells a failure of the storage from a mistake of the program', () => {
    using directory = temporaryDirectory()
    const store = openStore(directory.path)
    const other = new DatabaseSync(join(directory.path, 'reports.db'))
    other.exec('BEGIN IMMEDIATE')
    expect(catchError(() => store.probe())).toSatisfy(isStorageFailure)
    expect(catchError(() => other.exec('SELEKT'))).not.toSatisfy(isStorageFailure)
    other.close()
    expect(catchError(() => store.probe())).toBeUndefined()
    store.close()
  })
})

function catchError(work: () => void): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}
