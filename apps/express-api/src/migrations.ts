/**
 * The database's schema, one step an entry. `PRAGMA user_version` counts the steps that a database has taken, so an
 * entry is never changed once released: the next change is the next entry.
 */
export const migrations = [
  `
  CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
    revision TEXT NOT NULL,
    images INTEGER NOT NULL,
    document TEXT NOT NULL -- as it was posted
  ) STRICT;
  CREATE INDEX reports_by_time ON reports (created_at, id);

  -- What the history shows, ordered by its key, so that reading it parses no document.
  CREATE TABLE images (
    app TEXT NOT NULL,
    variant TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    report_id INTEGER NOT NULL REFERENCES reports (id),
    compressed_bytes INTEGER NOT NULL,
    unpacked_bytes INTEGER NOT NULL,
    start_to_ready_ms REAL NOT NULL, -- the median
    PRIMARY KEY (app, variant, created_at, report_id)
  ) STRICT, WITHOUT ROWID;

  -- One row, written to learn whether writing works.
  CREATE TABLE probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE images ADD COLUMN stand_in INTEGER NOT NULL DEFAULT 0; -- 1 where the base was one
  UPDATE images SET stand_in = 1
    FROM (
      SELECT reports.id, image.value ->> 'app' AS app, image.value ->> 'variant' AS variant
      FROM reports, json_each(reports.document, '$.images') AS image
      WHERE image.value ->> '$.base.standIn'
    ) AS found
    WHERE images.report_id = found.id AND images.app = found.app AND images.variant = found.variant;
  `,
  `
  ALTER TABLE reports ADD COLUMN state TEXT NOT NULL DEFAULT 'done'; -- running, done or interrupted
  ALTER TABLE reports ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0; -- when it was put here, milliseconds since 1970, UTC
  UPDATE reports SET changed_at = created_at;
  -- So that replacing a report finds what it had measured.
  CREATE INDEX images_by_report ON images (report_id);
  `,
]
