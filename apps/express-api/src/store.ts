import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Report } from '@stagecraft/report'
import type { Measurement, Page, Summary } from '@stagecraft/report/api'
import { migrations } from './migrations.ts'
import { type PageRequest, type Position, toPage } from './paging.ts'

/** A report's JSON text, as it was sent last. `changedAt` is when that was, in milliseconds since 1970, UTC. */
export type Kept = { id: number; document: string; changedAt: number }

/** Keeps reports. Every method throws SQLite's error when the storage fails: see `isStorageFailure`. */
export type Store = {
  /** Keeps `document`, the JSON text of `report`. It is on the disk when this returns. */
  add(report: Report, document: string): Summary
  /**
   * Keeps `document` in place of a running report, with its measurements. The text that is kept already may come again in any
   * state and changes nothing. Undefined when there is no such report, 'over' when it runs no longer and the text is another.
   */
  replace(id: number, report: Report, document: string): Summary | 'over' | undefined
  /** Reports, newest first. */
  list(page: PageRequest): Page<Summary>
  /** The measurements of one image, newest first; none for an image that nobody measured. */
  history(app: string, variant: string, page: PageRequest): Page<Measurement>
  get(id: number): Kept | undefined
  latest(): Kept | undefined
  /** Returns when a write has reached the disk. */
  probe(): void
  close(): void
}

type SummaryRow = Position & Omit<Summary, 'createdAt'>
type MeasurementRow = Position & Omit<Measurement, 'createdAt' | 'standIn'> & { standIn: number }

// Behind every position, so that the first page needs no statement of its own.
const newest: Position = { createdAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }

/**
 * Opens the database in `directory`, making both where they are missing (but no parent) and bringing an older database up to date.
 * @throws Error when the directory cannot be written or the database is not one of this release
 */
export function openStore(directory: string): Store {
  const file = join(directory, 'reports.db')
  const db = openDatabase(directory, file)

  const insertReport = db.prepare(
    'INSERT INTO reports (created_at, revision, images, state, document, changed_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
  )
  const updateReport = db.prepare(
    'UPDATE reports SET created_at = ?, revision = ?, images = ?, state = ?, document = ?, changed_at = ? WHERE id = ?',
  )
  const deleteImages = db.prepare('DELETE FROM images WHERE report_id = ?')
  const insertImage = db.prepare('INSERT INTO images VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const selectSummaries = db.prepare(`
    SELECT id, created_at AS createdAt, revision, images, state FROM reports
    WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`)
  const selectHistory = db.prepare(`
    SELECT report_id AS id, created_at AS createdAt, compressed_bytes AS compressedBytes,
      unpacked_bytes AS unpackedBytes, start_to_ready_ms AS startToReadyMs, stand_in AS standIn
    FROM images WHERE app = ? AND variant = ? AND (created_at, report_id) < (?, ?)
    ORDER BY created_at DESC, report_id DESC LIMIT ?`)
  const kept = 'SELECT id, document, changed_at AS changedAt FROM reports'
  const selectReport = db.prepare(`${kept} WHERE id = ?`)
  const selectLatest = db.prepare(`${kept} ORDER BY created_at DESC, id DESC LIMIT 1`)
  const selectState = db.prepare('SELECT state, document FROM reports WHERE id = ?')
  const writeProbe = db.prepare(
    'INSERT INTO probe VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
  )

  const insertImages = (id: number, { createdAt, images }: Report): void => {
    for (const { app, variant, base, size, run } of images)
      insertImage.run(
        app,
        variant,
        Date.parse(createdAt),
        id,
        size.compressedBytes,
        size.unpackedBytes,
        run.startToReadyMs.median,
        Number(base.standIn),
      )
  }

  const store: Store = {
    add(report, document) {
      const row = summarize(report)
      const { createdAt, revision, images, state } = row
      return inTransaction(db, () => {
        const { id } = insertReport.get(createdAt, revision, images, state, document, Date.now()) as Summary
        insertImages(id, report)
        return toSummary({ id, ...row })
      })
    },

    replace(id, report, document) {
      const row = summarize(report)
      const { createdAt, revision, images, state } = row
      return inTransaction(db, () => {
        const before = selectState.get(id) as { state: string; document: string } | undefined
        if (!before) return undefined
        if (before.document !== document) {
          if (before.state !== 'running') return 'over'
          updateReport.run(createdAt, revision, images, state, document, Date.now(), id)
          deleteImages.run(id)
          insertImages(id, report)
        }
        return toSummary({ id, ...row })
      })
    },

    list({ limit, after = newest }) {
      const rows = selectSummaries.all(after.createdAt, after.id, limit + 1) as SummaryRow[]
      return toPage(rows, limit, toSummary)
    },

    history(app, variant, { limit, after = newest }) {
      const rows = selectHistory.all(app, variant, after.createdAt, after.id, limit + 1) as MeasurementRow[]
      return toPage(rows, limit, toMeasurement)
    },

    get(id) {
      return selectReport.get(id) as Kept | undefined
    },

    latest() {
      return selectLatest.get() as Kept | undefined
    },

    // Committed: a write that is rolled back never leaves SQLite's cache, so it works on a full disk too.
    probe() {
      writeProbe.run(Date.now())
    },

    close() {
      db.close()
    },
  }
  return store
}

// https://www.sqlite.org/rescode.html: PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
const storageCodes = new Set([3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26])

/** Whether SQLite failed for a reason outside the program: a full or read-only disk, a lock, a broken file. */
export function isStorageFailure(error: unknown): error is Error {
  // The low byte is the code, the rest refines it.
  return isSqliteError(error) && storageCodes.has(error.errcode & 0xff)
}

function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}

function openDatabase(directory: string, file: string): DatabaseSync {
  try {
    // Its parent must be there: Node's recursive mkdir never returns from a path in /proc.
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(directory)
    // The event loop waits as long for a lock as SQLite does, hence the short time. Nobody else is expected to write.
    const db = new DatabaseSync(file, { timeout: 1000 })
    migrate(db, file)
    // A commit in the WAL outlives `kill -9`, since the kernel holds it by then. FULL also waits until the disk holds it:
    // with NORMAL an acknowledged report could be lost when the machine goes down.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return db
  } catch (error) {
    // Node's own errors and SQLite's have a code.
    if (!(error instanceof Error && 'code' in error)) throw error
    const user = `UID ${process.getuid?.()}, GID ${process.getgid?.()}`
    throw new Error(
      `DATA_DIR ${directory} cannot hold the database: ${error.message}. Let ${user} write there, or set DATA_DIR to a directory it can write`,
      { cause: error },
    )
  }
}

function migrate(db: DatabaseSync, file: string): void {
  inTransaction(db, () => {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > migrations.length)
      throw new Error(
        `${file} has schema version ${version}, this release knows up to ${migrations.length}: run the release that wrote it, or set DATA_DIR to another directory`,
      )
    for (const migration of migrations.slice(version)) db.exec(migration)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some failures, such as a full disk.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function summarize({ createdAt, revision, images, state = 'done' }: Report): Omit<SummaryRow, 'id'> {
  return { createdAt: Date.parse(createdAt), revision, images: images.length, state }
}

function toSummary(row: SummaryRow): Summary {
  return { ...row, createdAt: new Date(row.createdAt).toISOString() }
}

function toMeasurement(row: MeasurementRow): Measurement {
  const { id, createdAt, compressedBytes, unpackedBytes, startToReadyMs, standIn } = row
  return {
    id,
    createdAt: new Date(createdAt).toISOString(),
    compressedBytes,
    unpackedBytes,
    startToReadyMs,
    standIn: standIn === 1,
  }
}
