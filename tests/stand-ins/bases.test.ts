import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { readLocalImages, standInLabel } from '@stagecraft/engine'
import type { Image } from '@stagecraft/image'
import { bases, otherNodes } from '@stagecraft/scripts/stand-ins/bases'
import { findLocal } from '@stagecraft/scripts/stand-ins/recipes'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { differences, type Facts, official } from './facts.ts'

// A container waits more than it works.
const it = test.concurrent

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args)
  return stdout.trim()
}

/** Runs a command in a new container with no network, and takes the container away. @returns what it prints */
function runOnce(image: string, ...command: string[]): Promise<string> {
  return docker('run', '--rm', '--network=none', image, ...command)
}

/** Images and containers that are removed in the end. */
const images: string[] = []
const containers: string[] = []
afterAll(async () => {
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers)
  if (images.length > 0) await docker('image', 'rm', '--force', ...new Set(images))
})

/** Builds a Dockerfile that needs no files and no network. @returns the image */
async function build(dockerfile: string): Promise<string> {
  const args = ['buildx', 'build', '--builder=default', '--network=none', '--quiet', '--load', '-']
  const child = spawn('docker', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const [, indent = ''] = /^\n( *)/.exec(dockerfile) ?? []
  child.stdin.end(dockerfile.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  const [id, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  expect(code, said).toBe(0)
  images.push(id.trim())
  return id.trim()
}

const asked = otherNodes.map(({ name }) => name)
const here = await findLocal(asked)
const names = [...bases.map(({ name }) => name), ...asked.filter((name) => here.has(name))]

describe.concurrent('the facts about official base images', () => {
  it('cover exactly the bases that set-up can see to', () => {
    expect(Object.keys(official).sort()).toEqual([...bases.map(({ name }) => name), ...asked].sort())
  })

  it('give a reason for every difference', () => {
    for (const { differences } of Object.values(official)) {
      for (const reason of Object.values(differences)) expect(reason.length).toBeGreaterThan(20)
    }
  })
})

describe.concurrent('a base', () => {
  let read: Image[]
  beforeAll(async () => {
    read = await readLocalImages(names)
  })

  it.each(names)('%s differs from the official image as listed, and in nothing else', async (name) => {
    const image = read[names.indexOf(name)] as Image
    const facts = official[name] as Facts
    const allowed = standInLabel in image.config.labels ? Object.keys(facts.differences).sort() : []
    expect(await differences(name, image, facts)).toEqual(allowed)
  })
})

it.each(names.filter((name) => /node(js)?[:\d]/.test(name)))('%s gives flags to node', async (name) => {
  expect(await runOnce(name, '-p', '6 * 7')).toBe('42')
})

it.each(names.filter((name) => name.startsWith('node:')))(
  '%s runs a command, and a file with node',
  async (name) => {
    expect(await runOnce(name, 'npm', '--version')).toMatch(/^\d+\.\d+\.\d+$/)
    const npm = '/usr/local/lib/node_modules/npm/bin/npm-cli.js'
    expect(await runOnce(name, npm, '--version')).toMatch(/^\d+\.\d+\.\d+$/)
  },
)

// A first build compiles the standard library.
describe.concurrent('golang:1.27-trixie', { timeout: 300_000 }, () => {
  const golang = 'golang:1.27-trixie'

  it('is the version that its environment names, and fetches no other', async () => {
    const [version, variable] = (await runOnce(golang, 'sh', '-c', 'go version; echo $GOLANG_VERSION')).split(
      '\n',
    )
    expect(version).toContain(`go${variable} linux/`)
    const newer = 'echo "module m\ngo 1.99" > go.mod && go list'
    await expect(runOnce(golang, 'sh', '-c', newer)).rejects.toThrow(
      /requires go >= 1\.99.*GOTOOLCHAIN=local/,
    )
  })

  it('compiles with C', async () => {
    const image = await build(`
      FROM ${golang}
      COPY <<EOF main.go
      package main
      // int seven() { return 7; }
      import "C"
      func main() { println(6 * C.seven()) }
      EOF
      RUN --mount=type=cache,target=/root/.cache go build -o /answer main.go && /answer 2>&1 | grep -x 42 && readelf --dynamic /answer | grep NEEDED.*libc
    `)
    expect(image).toMatch(/^sha256:/)
  })

  it('compiles without C what runs in gcr.io/distroless/static-debian13:nonroot', async () => {
    const image = await build(`
      FROM ${golang} AS build
      COPY <<EOF main.go
      package main
      import ("fmt"; "os"; "os/user"; "time")
      func main() {
        me, err := user.Current()
        fmt.Println(me.Username, os.Getuid(), err)
        _, err = time.LoadLocation("US/Pacific")
        fmt.Println(err)
        authorities, err := os.ReadFile(os.Getenv("SSL_CERT_FILE"))
        fmt.Println(len(authorities) > 100000, err)
        dir, err := os.Getwd()
        fmt.Println(dir, os.WriteFile("file", nil, 0o600))
      }
      EOF
      RUN --mount=type=cache,target=/root/.cache CGO_ENABLED=0 go build -o /probe main.go
      FROM gcr.io/distroless/static-debian13:nonroot
      COPY --from=build /probe /
      ENTRYPOINT ["/probe"]
    `)
    expect((await runOnce(image)).split('\n')).toEqual([
      'nonroot 65532 <nil>',
      '<nil>',
      'true <nil>',
      '/home/nonroot <nil>',
    ])
    await expect(runOnce('gcr.io/distroless/static-debian13:nonroot', 'sh')).rejects.toThrow(
      /executable file not found/,
    )
  })
})

describe.concurrent.each(['python:3.13-trixie', 'python:3.13-slim-trixie'])('%s', (python) => {
  it('is the version that its environment names', async () => {
    const [version, variable] = (
      await runOnce(python, 'sh', '-c', 'python --version; echo $PYTHON_VERSION')
    ).split('\n')
    expect(version).toBe(`Python ${variable}`)
  })

  it('installs with pip beside its own packages, and in a virtual environment', async () => {
    const image = await build(`
      FROM ${python}
      WORKDIR /probe
      COPY <<'EOF' wheel.py
      import zipfile
      with zipfile.ZipFile('probe-1-py3-none-any.whl', 'w') as wheel:
          wheel.writestr('probe.py', 'print(__file__)')
          wheel.writestr('probe-1.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: probe\\nVersion: 1\\n')
          wheel.writestr('probe-1.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
          wheel.writestr('probe-1.dist-info/RECORD', '')
      EOF
      RUN python wheel.py && pip install --no-index *.whl
      RUN python -m venv /venv && /venv/bin/pip install --no-index *.whl
    `)
    expect(await runOnce(image, 'python', '-c', 'import probe')).toBe(
      '/usr/local/lib/python3.13/site-packages/probe.py',
    )
    expect(await runOnce(image, '/venv/bin/python', '-c', 'import probe')).toBe(
      '/venv/lib/python3.13/site-packages/probe.py',
    )
  })

  it('has the modules that lean on libraries', async () => {
    const modules =
      'bz2, ctypes, curses, dbm.gnu, dbm.ndbm, lzma, readline, sqlite3, ssl, termios, uuid, zlib'
    const code = `import ${modules}; print(ssl.OPENSSL_VERSION)`
    expect(await runOnce(python, 'python', '-c', code)).toMatch(/^OpenSSL 3\./)
  })
})

it('python:3.13-trixie compiles extensions, and has Tk', async () => {
  const image = await build(`
    FROM python:3.13-trixie
    WORKDIR /probe
    COPY <<EOF probe.c
    #include <Python.h>
    static struct PyModuleDef probe = {PyModuleDef_HEAD_INIT, "probe"};
    PyMODINIT_FUNC PyInit_probe(void) { return PyModule_Create(&probe); }
    EOF
    RUN gcc -shared -fPIC $(python3-config --includes) -o probe$(python3-config --extension-suffix) probe.c
  `)
  expect(await runOnce(image, 'python', '-c', 'import probe, tkinter; print(probe.__name__)')).toBe('probe')
})

it('python:3.13-slim-trixie has no compiler and no Tk', async () => {
  const python = 'python:3.13-slim-trixie'
  await expect(runOnce(python, 'gcc', '--version')).rejects.toThrow(/executable file not found/)
  await expect(runOnce(python, 'python', '-c', 'import tkinter')).rejects.toThrow(/libtk8\.6\.so/)
})

describe.concurrent('gcr.io/distroless/python3-debian13:nonroot', () => {
  const python = 'gcr.io/distroless/python3-debian13:nonroot'

  it('gives flags to Python, which runs as nonroot at home', async () => {
    const code = 'import os, sqlite3, ssl, sys; print(os.getuid(), os.getcwd(), sys.executable)'
    expect(await runOnce(python, '-c', code)).toBe('65532 /home/nonroot /usr/bin/python3.13')
  })

  it('trusts public certificate authorities, and finds libraries', async () => {
    const code = `import ctypes.util, ssl
print(ssl.create_default_context().cert_store_stats()['x509_ca'] > 100, ctypes.util.find_library('ssl'))`
    expect(await runOnce(python, '-c', code)).toBe('True libssl.so.3')
  })

  it('has no shell', async () => {
    await expect(docker('run', '--rm', '--entrypoint=sh', python)).rejects.toThrow(
      /executable file not found/,
    )
  })
})

describe.concurrent.each(['rust:1.98-trixie', 'rust:1.98-slim-trixie'])(
  '%s',
  { timeout: 300_000 },
  (rust) => {
    const target = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`

    it('is the version that its environment names, in the layout of rustup', async () => {
      const command = 'rustc --version; cargo --version; rustc --print=sysroot; echo $RUST_VERSION'
      const [rustc, cargo, sysroot, variable] = (await runOnce(rust, 'sh', '-c', command)).split('\n')
      expect(rustc).toContain(`rustc ${variable} `)
      expect(cargo).toContain(`cargo ${variable} `)
      expect(sysroot).toBe(`/usr/local/rustup/toolchains/${variable}-${target}`)
    })

    it('compiles what runs in distroless: with its libraries in cc, without in static', async () => {
      const release = 'cargo build --release --offline --target'
      const compile = `
      FROM ${rust} AS build
      WORKDIR /probe
      RUN cargo init --quiet --vcs=none
      RUN ${release} ${target} && cp target/${target}/release/probe /dynamic
      RUN RUSTFLAGS="-C target-feature=+crt-static" ${release} ${target} && cp target/${target}/release/probe /static`
      const product = (base: string, file: string) =>
        build(`${compile}
      FROM gcr.io/distroless/${base}-debian13:nonroot
      COPY --from=build ${file} /probe
      ENTRYPOINT ["/probe"]
    `)
      expect(await runOnce(await product('static', '/static'))).toBe('Hello, world!')
      expect(await runOnce(await product('cc', '/dynamic'))).toBe('Hello, world!')
      await expect(runOnce(await product('static', '/dynamic'))).rejects.toThrow(/no such file or directory/)
    })
  },
)

describe.concurrent('nginx:1.30-trixie', () => {
  const nginx = 'nginx:1.30-trixie'

  async function start(image: string, ...options: string[]) {
    const ports = ['--publish=127.0.0.1::80', '--publish=127.0.0.1::81']
    const id = await docker('run', '--detach', ...ports, ...options, image)
    containers.push(id)
    return {
      /** What a port answers, once there is an answer. */
      async get(port: number, path: string): Promise<string> {
        const url = `http://${await docker('port', id, String(port))}${path}`
        return vi.waitFor(() => fetch(url).then((answer) => answer.text()), { timeout: 30_000 })
      },
      /** What the container has written to stdout, where its scripts write. */
      logs: () => docker('logs', id),
      stop: async () => {
        await docker('stop', id)
        return Number(await docker('inspect', '--format={{.State.ExitCode}}', id))
      },
    }
  }

  it('serves a page on port 80, and ends with 0 when it is stopped', async () => {
    const server = await start(nginx)
    expect(await server.get(80, '/')).toContain('<h1>Welcome to nginx!</h1>')
    await expect.poll(() => server.logs()).toMatch(/"GET \/ HTTP\/1\.1" 200/)
    expect(await server.stop()).toBe(0)
  })

  it('fills in templates, and leaves alone what nginx is to fill in', async () => {
    const image = await build(`
      FROM ${nginx}
      COPY <<'EOF' /etc/nginx/templates/probe.conf.template
      server {
        listen 81;
        resolver \${NGINX_LOCAL_RESOLVERS};
        location / { return 200 "\${GREETING} $uri"; }
      }
      EOF
    `)
    const server = await start(image, '--env=GREETING=hello', '--env=NGINX_ENTRYPOINT_LOCAL_RESOLVERS=1')
    expect(await server.get(81, '/world')).toBe('hello /world')
  })

  it('runs what is executable in /docker-entrypoint.d, by the order of names', async () => {
    const image = await build(`
      FROM ${nginx}
      COPY --chmod=755 <<'EOF' /docker-entrypoint.d/2.envsh
      export SAID=hello
      EOF
      COPY --chmod=755 <<'EOF' /docker-entrypoint.d/10.sh
      #!/bin/sh
      echo "$SAID from 10" >/usr/share/nginx/html/index.html
      EOF
      COPY --chmod=644 <<'EOF' /docker-entrypoint.d/11.sh
      exit 1
      EOF
      COPY --chmod=755 <<'EOF' /docker-entrypoint.d/notes.txt
      exit 1
      EOF
    `)
    const server = await start(image)
    expect(await server.get(80, '/')).toBe('hello from 10\n')
    expect(await server.logs()).toMatch(/ignoring .*11\.sh.*not executable\n.*ignoring .*notes\.txt/is)
    expect(await runOnce(image, 'sh', '-c', 'echo "said: $SAID"')).toBe('said:')
  })

  it('does not start when a script fails', async () => {
    const image = await build(`
      FROM ${nginx}
      COPY --chmod=755 <<'EOF' /docker-entrypoint.d/99.sh
      #!/bin/sh
      exit 7
      EOF
    `)
    await expect(runOnce(image, 'nginx', '-g', 'daemon off;')).rejects.toMatchObject({ code: 7 })
  })

  it('says so, and serves, when it cannot write what the templates give', async () => {
    const image = await build(`
      FROM ${nginx}
      COPY <<'EOF' /etc/nginx/templates/default.conf.template
      no configuration
      EOF
    `)
    const readOnly = ['--read-only', '--tmpfs=/var/cache/nginx', '--tmpfs=/run']
    const server = await start(image, ...readOnly)
    expect(await server.get(80, '/')).toContain('Welcome')
    expect(await server.logs()).toMatch(/ERROR.*\/etc\/nginx\/conf\.d is not writable/)
    const quiet = await start(image, ...readOnly, '--env=NGINX_ENTRYPOINT_QUIET_LOGS=1')
    expect(await quiet.get(80, '/')).toContain('Welcome')
    expect(await quiet.logs()).not.toContain('entrypoint')
    expect(await quiet.logs()).not.toContain('ERROR')
  })

  it("cannot start as its own user while /var/cache/nginx and /run are root's", async () => {
    const asUser = (...args: string[]) => docker('run', '--rm', '--network=none', '--user=101', ...args)
    const cache = '--tmpfs=/var/cache/nginx:uid=101'
    await expect(asUser(nginx)).rejects.toThrow(/mkdir\(\) "\/var\/.*" failed \(13: Permission denied\)/)
    await expect(asUser(cache, nginx)).rejects.toThrow(/"\/run\/nginx\.pid" failed \(13: Permission denied\)/)
    await asUser(cache, '--tmpfs=/run:uid=101', nginx, 'nginx', '-t')
  })
})
