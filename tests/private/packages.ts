import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { strToU8, zipSync } from 'fflate'

/** The private package `greet` of each language, as its registry has it, and an app that needs it. */

/** Paths and what the files hold. */
export type Files = Record<string, string | Uint8Array>

const sha256 = (bytes: string | Uint8Array, encoding: 'hex' | 'base64' = 'hex') =>
  createHash('sha256').update(bytes).digest(encoding)

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** A `.tar.gz` of files in one folder. */
async function archive(name: string, files: Record<string, string>): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'crate-'))
  try {
    await writeFiles(join(folder, name), files)
    await execa('tar', ['-czf', 'archive', name], { cwd: folder })
    return await readFile(join(folder, 'archive'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const zip = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])))

/** A wheel, by https://packaging.python.org/en/latest/specifications/binary-distribution-format/ */
export const wheel = {
  'greet-1.0.0-py3-none-any.whl': zip({
    'greet.py': 'WORD = "hello"\n',
    'greet-1.0.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: greet\nVersion: 1.0.0\n',
    'greet-1.0.0.dist-info/WHEEL': 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    'greet-1.0.0.dist-info/RECORD':
      'greet.py,,\ngreet-1.0.0.dist-info/METADATA,,\ngreet-1.0.0.dist-info/WHEEL,,\ngreet-1.0.0.dist-info/RECORD,,\n',
  }),
}

const module = 'example.com/private/greet'
const goMod = `module ${module}\n\ngo 1.27\n`
const goSource = 'package greet\n\nconst Word = "hello"\n'

/** What a Go proxy answers, by https://go.dev/ref/mod#goproxy-protocol */
export const goProxy: Files = {
  [`go/${module}/@v/list`]: 'v1.0.0\n',
  [`go/${module}/@v/v1.0.0.info`]: '{"Version":"v1.0.0"}',
  [`go/${module}/@v/v1.0.0.mod`]: goMod,
  [`go/${module}/@v/v1.0.0.zip`]: zip({
    [`${module}@v1.0.0/go.mod`]: goMod,
    [`${module}@v1.0.0/greet.go`]: goSource,
  }),
}

/** The sum of go.sum, by https://go.dev/ref/mod#go-sum-files: of the sums of all files. */
const goSum = (files: Record<string, string>) =>
  `h1:${sha256(
    Object.entries(files)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([path, text]) => `${sha256(text)}  ${path}\n`)
      .join(''),
    'base64',
  )}`

export const goApp: Files = {
  'go.mod': `module app\n\ngo 1.27\n\nrequire ${module} v1.0.0\n`,
  'go.sum': `${module} v1.0.0 ${goSum({ [`${module}@v1.0.0/go.mod`]: goMod, [`${module}@v1.0.0/greet.go`]: goSource })}\n${module} v1.0.0/go.mod ${goSum({ 'go.mod': goMod })}\n`,
  'main.go': `package main\n\nimport "${module}"\n\nfunc main() { println(greet.Word) }\n`,
}

const crate = await archive('greet-1.0.0', {
  'Cargo.toml': '[package]\nname = "greet"\nversion = "1.0.0"\nedition = "2024"\n',
  'src/lib.rs': 'pub const WORD: &str = "hello";\n',
})

/** What a sparse registry of crates answers, by https://doc.rust-lang.org/cargo/reference/registry-index.html */
export const crates: Files = {
  'crates/index/config.json': JSON.stringify({
    dl: 'https://crates.example.com/files',
    'auth-required': true,
  }),
  'crates/index/gr/ee/greet': `${JSON.stringify({
    name: 'greet',
    vers: '1.0.0',
    deps: [],
    features: {},
    cksum: sha256(crate),
    yanked: false,
  })}\n`,
  'crates/files/greet/1.0.0/download': crate,
}

export const cargoApp: Files = {
  'Cargo.toml':
    '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\ngreet = { version = "1.0.0", registry = "private" }\n',
  'Cargo.lock': `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "greet",
]

[[package]]
name = "greet"
version = "1.0.0"
source = "sparse+https://crates.example.com/index/"
checksum = "${sha256(crate)}"
`,
  'src/main.rs': 'fn main() { println!("{}", greet::WORD) }\n',
}
