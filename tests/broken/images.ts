import { canary, type Variant } from '@stagecraft/engine'

/** Keeps every promise. */
export const good = `
FROM node:26-trixie-slim
LABEL org.opencontainers.image.title=fixture
LABEL org.opencontainers.image.description=fixture
LABEL org.opencontainers.image.source=https://example.org/fixture
LABEL org.opencontainers.image.revision=unknown
LABEL org.opencontainers.image.version=1.0.0
LABEL org.opencontainers.image.created=2026-01-31T12:00:00Z
LABEL org.opencontainers.image.licenses=MIT
RUN install -d -o 1000 -g 0 -m 0770 /data
WORKDIR /app
COPY server.mjs health.mjs ./
ENV GREETING=hello
VOLUME /data
USER 1000:1000
EXPOSE 8080
HEALTHCHECK CMD ["node", "health.mjs"]
CMD ["node", "server.mjs"]
`

/** The good Dockerfile with each line that begins like one of these replaced by it. */
function but(...lines: string[]): string {
  return lines.reduce((text, line) => {
    const start = line.split(/[ =]/, line.startsWith('LABEL') ? 2 : 1).join(' ')
    const pattern = new RegExp(`^${start}.*$`, 'm')
    if (!pattern.test(text)) throw new Error(`The good Dockerfile has no line ${start}`)
    return text.replace(pattern, () => line)
  }, good)
}

const without = (start: string): string => good.replace(new RegExp(`^${start}.*\n`, 'm'), '')
/** Before the user is set. */
const withRoot = (...lines: string[]): string => good.replace(/^USER/m, () => [...lines, 'USER'].join('\n'))
/** Instead of the line that copies the program. */
const copying = (...lines: string[]): string => good.replace(/^COPY.*$/m, () => lines.join('\n'))
const mistake = (name: string): string => `${good}ENV MISTAKE="${name}"\n`

/** What docs/gallery.md says of a mistake besides what a run shows. */
export interface Piece {
  title: string
  /** What it leads to. */
  why: string
  /** The repaired Dockerfile; the good one if left out. */
  repaired?: string
  /** Names of BuildKit's checks and of hadolint's rules that the mistake breaks and the repair does not. */
  linted?: string[]
  /** Rules of docs/rules.yaml, by the beginning of their text. */
  rules?: string[]
  /** The exercise of the workshop that is about it. */
  exercise?: string
}

/** An image that breaks a promise of the contract. */
export interface Broken {
  check: string
  mistake: string
  dockerfile: string
  /** What the message says was seen; as text how that begins, after the name of the check, with … for what varies. */
  seen: RegExp | string
  variant?: Variant
  /** What it is taken to be built on; what it is built on if left out. */
  base?: string
  piece?: Piece
}

export const broken: Broken[] = [
  {
    check: 'ready',
    mistake: 'ends at once',
    dockerfile: but(`CMD ["node", "-e", "console.error('no such database'); process.exit(3)"]`),
    seen: /^ready: it exited with code 3 before GET \/ready answered\.[\s\S]*Last lines of its log:\n {2}no such database/,
  },
  {
    check: 'ready',
    mistake: 'gives its arguments to a shell that drops them',
    dockerfile: but('CMD ["server.mjs"]').replace('CMD ["server', 'ENTRYPOINT node\nCMD ["server'),
    seen: 'it exited with code 0 before GET /ready answered',
    piece: {
      title: 'ENTRYPOINT in shell form drops CMD',
      why: 'A shell runs what is in ENTRYPOINT, and CMD becomes arguments of that shell, not of node.',
      linted: ['DL3025', 'JSONArgsRecommended'],
      repaired: but('CMD ["server.mjs"]').replace('CMD ["server', 'ENTRYPOINT ["node"]\nCMD ["server'),
      rules: ['CMD, ENTRYPOINT'],
      exercise: 'entrypoint',
    },
  },
  {
    check: 'ready',
    mistake: 'has two commands',
    dockerfile: `${good}CMD ["node", "--version"]\n`,
    seen: 'it exited with code 0 before GET /ready answered',
    piece: {
      title: 'Of two CMD, the last one counts',
      why: 'The build goes on with a warning: the container starts, ends at once, and is started again for ever.',
      linted: ['DL4003', 'MultipleInstructionsDisallowed'],
    },
  },
  {
    check: 'ready',
    mistake: 'takes long to listen',
    dockerfile: mistake('takes long to start'),
    seen: /^ready: GET \/ready answered 2\d\.\d s after the start\./,
  },
  {
    check: 'ready',
    mistake: 'never listens',
    dockerfile: but('CMD ["sleep", "infinity"]'),
    seen: /^ready: GET \/ready on port 8080 did not answer 200 within 30 s of the start\./,
  },
  {
    check: 'ready',
    mistake: 'starts a program that is not there',
    dockerfile: `${good}ENTRYPOINT ["/nowhere"]\n`,
    seen: /^ready: the engine could not start it: .*\/nowhere/,
  },
  {
    check: 'ready',
    mistake: 'has a relative working directory',
    dockerfile: withRoot('WORKDIR data'),
    seen: 'it exited with code 1 before GET /ready answered',
    piece: {
      title: 'A relative WORKDIR, below the last one',
      why: 'It is relative to the WORKDIR before it, here /app: node looks for its files in /app/data.',
      linted: ['DL3000'],
      repaired: withRoot('WORKDIR /data', 'WORKDIR /app'),
      rules: ['WORKDIR'],
    },
  },
  {
    check: 'answers',
    mistake: 'answers an unknown path',
    dockerfile: mistake('answers anything'),
    seen: /^answers: GET of an unknown path answered 200 instead of 404/,
  },
  {
    check: 'answers',
    mistake: 'answers something else',
    dockerfile: but('ENV GREETING=bye'),
    seen: /^answers: GET \/ready answered {"greeting":"bye"}, which does not hold {"greeting":"hello"}/,
  },
  {
    check: 'answers',
    mistake: 'sets a variable for one instruction',
    dockerfile: good.replace('ENV GREETING', 'RUN export GREETING'),
    seen: 'GET /ready answered {}, which does not hold {"greeting":"hello"}',
    piece: {
      title: 'A variable that is exported in a RUN',
      why: 'Each RUN is a shell of its own, and what it exports ends with it.',
    },
  },
  {
    check: 'answers',
    mistake: 'reads an argument from above the stage',
    dockerfile: `ARG WORD=hello${but('ENV GREETING=$WORD')}`,
    seen: 'GET /ready answered {"greeting":""}, which does not hold {"greeting":"hello"}',
    piece: {
      title: 'An ARG above FROM is empty in the stage',
      why: 'It is there for FROM alone, until the stage names it again.',
      linted: ['UndefinedVar'],
      repaired: `ARG WORD=hello${but('ENV GREETING=$WORD').replace('ENV', 'ARG WORD\nENV')}`,
    },
  },
  {
    check: 'non-root',
    mistake: 'has no USER',
    dockerfile: without('USER'),
    seen: 'there is no USER, so it runs as root',
    piece: {
      title: 'No USER',
      why: 'Who takes over the app is root: they can write to every file of the container, and to what is mounted.',
      rules: ['4.1 '],
      exercise: 'non-root',
    },
  },
  {
    check: 'non-root',
    mistake: 'names its user',
    dockerfile: but('USER node'),
    seen: 'USER is node',
    piece: {
      title: 'A USER that Kubernetes cannot tell from root',
      why: 'Kubernetes does not read /etc/passwd: with `runAsNonRoot` it refuses to start the container.',
      linted: ['DL3066'],
      rules: ['4.1 '],
      exercise: 'non-root',
    },
  },
  {
    check: 'non-root',
    mistake: 'is root by number',
    dockerfile: but('USER 0:0'),
    seen: 'USER is 0:0',
    piece: {
      title: 'Root, by its number',
      why: 'A number does not help when it is 0.',
      linted: ['DL3002'],
      rules: ['4.1 '],
      exercise: 'non-root',
    },
  },
  {
    check: 'non-root',
    mistake: 'has a child that is root',
    dockerfile: `${withRoot('RUN install -m 4755 /usr/bin/sleep /usr/local/bin/root-sleep')}ENV MISTAKE="starts a root process"\n`,
    seen: 'UID 0 runs `/usr/local/bin/root-sleep 60`',
    piece: {
      title: 'A setuid program gives root back',
      why: 'The program runs as its owner, whoever starts it. Only `no-new-privileges` keeps it from doing so.',
      repaired: `${withRoot('RUN install /usr/bin/sleep /usr/local/bin/root-sleep')}ENV MISTAKE="starts a root process"\n`,
      rules: ['4.8 '],
    },
  },
  {
    check: 'any-user',
    mistake: 'lets one user alone write',
    dockerfile: but('RUN install -d -o 1000 -g 0 -m 0700 /data'),
    seen: 'as …:0, POST /last answered 500 instead of 201: …EACCES',
    piece: {
      title: 'A volume that one user alone may write to',
      why: 'OpenShift gives each project a user of its own, with the group 0: it cannot write to what the group may not.',
      rules: ['VOLUME'],
    },
  },
  {
    check: 'read-only',
    mistake: 'writes outside its volumes',
    dockerfile: mistake('writes beside itself'),
    seen: /^read-only: POST \/last answered 500 instead of 201: .*EROFS/,
  },
  {
    check: 'read-only',
    mistake: 'writes to a folder that is no volume',
    dockerfile: `${but('RUN install -d -o 1000 -g 0 -m 0770 /app').replace('VOLUME /data\n', '')}ENV MISTAKE="writes beside itself"\n`,
    seen: 'POST /last answered 500 instead of 201: …EROFS',
    piece: {
      title: "Data in the container's own layer",
      why: 'What is not on a volume goes with the container, and cannot be written at all once its root is read-only.',
      rules: ['5.13 ', 'VOLUME'],
    },
  },
  {
    check: 'write-access',
    mistake: 'gives its user the program that it runs',
    dockerfile: but('COPY --chown=1000:1000 server.mjs health.mjs ./'),
    seen: 'its user may write to /app/health.mjs, /app/server.mjs',
    piece: {
      title: 'The program belongs to the user that runs it',
      why: 'Who takes over the app can replace it, and it starts as theirs the next time.',
    },
  },
  {
    check: 'write-access',
    mistake: 'lets everyone write',
    dockerfile: withRoot('RUN chmod -R 777 /app'),
    seen: 'its user may write to /app, /app/health.mjs, /app/server.mjs',
    piece: {
      title: 'chmod 777',
      why: 'It gives write access to everyone, to make one thing work: find out who has to write where.',
    },
  },
  {
    check: 'ports',
    mistake: 'listens where it does not say',
    dockerfile: mistake('listens on a second port'),
    seen: /^ports: it listens on 9000\/tcp without EXPOSE\./,
  },
  {
    check: 'ports',
    mistake: 'listens for datagrams where it does not say',
    dockerfile: mistake('listens on UDP'),
    seen: /^ports: it listens on 9000\/udp without EXPOSE\./,
  },
  {
    check: 'ports',
    mistake: 'leaves a debugger open',
    dockerfile: but('CMD ["node", "--inspect=0.0.0.0:9229", "server.mjs"]'),
    seen: 'it listens on 9229/tcp without EXPOSE',
    piece: {
      title: "A debugger's port in production",
      why: 'Whoever reaches that port runs code in the process.',
      rules: ['5.9 '],
    },
  },
  {
    check: 'ports',
    mistake: 'does not listen where it says',
    dockerfile: but('EXPOSE 8080 9000'),
    seen: 'it EXPOSEs 9000/tcp but does not listen there',
    piece: {
      title: 'EXPOSE of a port on which nothing listens',
      why: 'Proxies and `docker run --publish-all` take EXPOSE at its word, and send requests to a closed port.',
      rules: ['5.9 '],
    },
  },
  {
    check: 'ports',
    mistake: 'listens to itself',
    dockerfile: `${but('EXPOSE 8080 9000')}ENV MISTAKE="listens on loopback"\n`,
    seen: /^ports: it EXPOSEs 9000\/tcp but listens there on loopback only\./,
  },
  {
    check: 'health',
    mistake: 'has no health check',
    dockerfile: without('HEALTHCHECK'),
    seen: 'there is no HEALTHCHECK',
    piece: {
      title: 'No HEALTHCHECK',
      why: 'Compose and Swarm take a hanging container for a running one, and `depends_on` cannot wait for it.',
      rules: ['4.6 ', '5.27 '],
    },
  },
  {
    check: 'health',
    mistake: 'needs a shell for its health check',
    dockerfile: but('HEALTHCHECK CMD node health.mjs'),
    seen: 'HEALTHCHECK is in shell form (node health.mjs)',
    piece: {
      title: 'A health check that needs a shell',
      why: 'Without a shell, as on distroless, it fails for ever; with one, it starts two processes each time.',
      linted: ['DL3025'],
      rules: ['4.6 '],
    },
  },
  {
    check: 'health',
    mistake: 'calls a curl that it does not have',
    dockerfile: but('HEALTHCHECK CMD ["curl", "--fail", "http://localhost:8080/ready"]'),
    seen: 'it is unhealthy although the app answers.…Health log:…"curl": executable file not found',
    piece: {
      title: 'A health check with a curl that is not there',
      why: 'It was in the stage that built the app. The container is unhealthy for ever, and is never sent a request.',
      rules: ['4.6 ', '5.27 '],
    },
  },
  {
    check: 'health',
    mistake: 'has a health check that asks nothing',
    dockerfile: but('HEALTHCHECK CMD ["true"]'),
    seen: 'it is still healthy although the app hangs',
    piece: {
      title: 'A health check that asks nothing',
      why: 'It says that a process can be started in the container, which is no news of the app.',
      rules: ['4.6 ', '5.27 '],
    },
  },
  {
    check: 'health',
    mistake: 'has a health check that stays in its own way',
    dockerfile: but(
      'HEALTHCHECK CMD ["sh", "-c", "mkdir /tmp/probe && node health.mjs && rmdir /tmp/probe"]',
    ),
    seen: 'it is still unhealthy although the app answers again',
    piece: {
      title: 'A health check that stays in its own way',
      why: 'A probe that is ended by its timeout cleans nothing up: what it leaves must not fail the next one.',
      rules: ['5.27 '],
    },
  },
  {
    check: 'stops',
    mistake: 'has a shell as its first process',
    dockerfile: but('CMD node server.mjs; true'),
    // A machine that is slow at that moment forgives the idle connection.
    seen: '…it was still running 5 s after SIGTERM',
    piece: {
      title: 'A shell as the first process',
      why: 'The shell gets SIGTERM, and passes it on to nobody. After ten seconds everything is killed.',
      linted: ['DL3025', 'JSONArgsRecommended'],
      rules: ['CMD, ENTRYPOINT', 'Create ephemeral containers'],
      exercise: 'entrypoint',
    },
  },
  {
    check: 'stops',
    mistake: 'is stopped by a signal that it does not handle',
    dockerfile: `${good}STOPSIGNAL SIGKILL\n`,
    seen: '10 of 10 requests in flight were answered nothing (…) instead of 201; it exited with code 137 on SIGKILL',
    piece: {
      title: 'Stopped without being asked',
      why: 'SIGKILL cannot be handled: nothing is finished, nothing is flushed.',
      rules: ['Create ephemeral containers'],
    },
  },
  {
    check: 'stops',
    mistake: 'has a package manager as its first process',
    dockerfile: but('CMD ["npm", "start"]').replace('health.mjs ./', 'health.mjs package.json ./'),
    seen: '10 of 10 requests in flight were answered nothing (…) instead of 201; it exited with code …',
    piece: {
      title: 'A package manager as the first process',
      why: 'It is one process more that has to pass signals on, and it ends when it gets them, before the app has.',
      rules: ['Create ephemeral containers'],
      exercise: 'entrypoint',
    },
  },
  {
    check: 'stops',
    mistake: 'drops a request in flight',
    dockerfile: mistake('drops what is in flight'),
    seen: /^stops: 10 of 10 requests in flight were answered nothing \(.*\) instead of 201\./,
  },
  {
    check: 'stops',
    mistake: 'keeps idle connections',
    dockerfile: mistake('keeps idle connections'),
    seen: /^stops: an idle keep-alive connection was still open 3 s after SIGTERM\./,
  },
  {
    check: 'stops',
    mistake: 'exits with the code of a signal',
    dockerfile: mistake('exits like a shell'),
    seen: /^stops: it exited with code 143 on SIGTERM\./,
  },
  {
    check: 'logs',
    mistake: 'logs text',
    dockerfile: mistake('logs text'),
    seen: /^logs: a line on stdout is no JSON object: Listening on port 8080\./,
  },
  {
    check: 'logs',
    mistake: 'logs nothing',
    dockerfile: mistake('logs nothing'),
    seen: /^logs: after some requests there is nothing on stdout\./,
  },
  {
    check: 'logs',
    mistake: 'logs to a file',
    dockerfile: `${withRoot('RUN chown 1000 /app')}ENV MISTAKE="logs to a file"\n`,
    seen: /^logs: it changed \/app\/server\.log outside its volumes and \/tmp\./,
  },
  {
    check: 'logs',
    mistake: 'sends its log to a file',
    dockerfile: withRoot('RUN chown 1000 /app').replace(
      'CMD ["node", "server.mjs"]',
      'CMD ["sh", "-c", "exec node server.mjs >> server.log"]',
    ),
    seen: 'after some requests there is nothing on stdout',
    piece: {
      title: 'A log in a file that `docker logs` does not show',
      why: 'It grows until the disk is full, and goes with the container when somebody needs it.',
    },
  },
  {
    check: 'labels',
    mistake: 'has no licence',
    dockerfile: without('LABEL org.opencontainers.image.licenses'),
    seen: /^labels: there is no org\.opencontainers\.image\.licenses\./,
  },
  {
    check: 'labels',
    mistake: 'has a time that is none',
    dockerfile: but('LABEL org.opencontainers.image.created=yesterday'),
    seen: /^labels: org\.opencontainers\.image\.created is yesterday\./,
  },
  {
    check: 'labels',
    mistake: 'does not say what it was made of',
    dockerfile: without('LABEL org.opencontainers.image.revision'),
    seen: 'there is no org.opencontainers.image.revision',
    piece: {
      title: 'An image of which nobody knows the commit',
      why: 'When it fails in production, nobody can say which code it runs.',
      rules: ['LABEL'],
    },
  },
  {
    check: 'no-secrets',
    mistake: 'deletes a secret in a later layer',
    dockerfile: withRoot(
      'RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc /root/token',
      'RUN rm /root/token',
    ),
    seen: 'the canary secret is in /root/token of `RUN …cp /run/secrets/npmrc /root/token…`',
    piece: {
      title: 'A secret that a later layer deletes',
      why: 'Whoever pulls the image has the layer in which it is.',
      repaired: withRoot('RUN --mount=type=secret,id=npmrc test -s /run/secrets/npmrc'),
      rules: ['4.10 '],
      exercise: 'secrets',
    },
  },
  {
    check: 'no-secrets',
    mistake: 'has a secret in its environment',
    dockerfile: `${good}ENV TOKEN=${canary}\n`,
    seen: "the canary secret is in the image's config: its environment, labels or history",
    piece: {
      title: 'A secret in ENV',
      why: '`docker inspect` shows it to everyone who has the image, and so do many crash reports.',
      linted: ['DL3064', 'SecretsUsedInArgOrEnv'],
      rules: ['4.10 '],
      exercise: 'secrets',
    },
  },
  {
    check: 'no-secrets',
    mistake: 'has a secret in its history',
    dockerfile: withRoot(`ARG TOKEN=${canary}`, 'RUN test -n "$TOKEN"'),
    seen: "the canary secret is in the image's config: its environment, labels or history",
    piece: {
      title: 'A secret in ARG',
      why: '`docker history` shows it to everyone who has the image.',
      linted: ['DL3064', 'SecretsUsedInArgOrEnv'],
      repaired: withRoot('RUN --mount=type=secret,id=npmrc test -s /run/secrets/npmrc'),
      rules: ['4.10 '],
      exercise: 'secrets',
    },
  },
  {
    check: 'no-secrets',
    mistake: 'deletes an .env in a later layer',
    dockerfile: withRoot('COPY server.mjs .env', 'RUN rm .env'),
    seen: 'there is /app/.env of `COPY server.mjs .env…`',
    piece: {
      title: 'An .env that a later layer deletes',
      why: 'Whoever pulls the image has the layer in which it is. A `.dockerignore` keeps it out of the context.',
      rules: ['4.10 ', 'Exclude with'],
      exercise: 'context',
    },
  },
  {
    check: 'no-secrets',
    mistake: 'is not built on its base',
    base: 'node:26-trixie',
    dockerfile: good,
    seen: /^no-secrets: the image is not built on the node:26-trixie that is here\./,
  },
  {
    check: 'no-tools',
    mistake: 'has what its build needed',
    dockerfile: withRoot(
      'COPY --chmod=0755 health.mjs /usr/local/bin/gcc',
      'COPY --chmod=0755 health.mjs /usr/local/bin/pnpm',
      'COPY package.json node_modules/typescript/',
    ),
    seen: /^no-tools: there is a compiler: \/usr\/local\/bin\/gcc; a devDependency: typescript; a package manager: \/usr\/local\/bin\/pnpm\./,
  },
  {
    check: 'no-tools',
    mistake: 'is built on a base for building',
    base: 'node:26-trixie',
    dockerfile: but('FROM node:26-trixie'),
    seen: 'there is a compiler: …/usr/bin/gcc',
    piece: {
      title: 'A compiler in production',
      why: 'It is several hundred megabytes on every machine, with a tool for whoever takes over the app.',
      rules: ['4.3 ', 'Choose the right base image'],
      exercise: 'two-stages',
    },
  },
  {
    check: 'no-tools',
    mistake: 'installs a package manager',
    dockerfile: withRoot(
      'RUN --mount=type=cache,target=/root/.npm NODE_DISABLE_COMPILE_CACHE=1 npm install --global yarn@1.22.22',
    ),
    seen: 'there is a package manager: …/yarn',
    piece: {
      title: 'A package manager that only the build needs',
      why: 'It is pulled, scanned and patched for ever, and never run.',
      rules: ['4.3 ', "Don't install unnecessary packages"],
      exercise: 'prod-deps',
    },
  },
  {
    check: 'no-tools',
    mistake: 'is distroless in name',
    variant: 'distroless',
    dockerfile: good,
    seen: /^no-tools: there is a package manager: .*\/npm\b.*; a shell: .*\/sh\b.*; a setuid or setgid file: .*\/su\b/,
  },
  {
    check: 'no-waste',
    mistake: 'changes the owner in a later layer',
    dockerfile: withRoot('RUN head -c 8000000 /dev/zero > zeros', 'RUN chown 1000 zeros'),
    seen: '… % of its bytes are (…), most of them /app/zeros (8.0 MB); buried by RUN …chown 1000 zeros',
    piece: {
      title: 'A new owner in a later layer',
      why: 'A layer holds whole files: a new owner of a file is a second copy of it.',
      linted: ['DL3059'],
      repaired: withRoot('RUN head -c 8000000 /dev/zero > zeros && chown 1000 zeros'),
      exercise: 'layers',
    },
  },
  {
    check: 'no-waste',
    mistake: 'deletes what an earlier layer made',
    dockerfile: withRoot('RUN head -c 8000000 /dev/zero > download', 'RUN rm download'),
    seen: '… % of its bytes are (…), most of them /app/download (8.0 MB); buried by RUN …rm download',
    piece: {
      title: 'A file that a later layer deletes',
      why: 'A layer can only hide what an earlier one holds. It is still pulled.',
      linted: ['DL3059'],
      repaired: withRoot('RUN head -c 8000000 /dev/zero > download && rm download'),
      exercise: 'layers',
    },
  },
  {
    check: 'reproducible',
    mistake: 'keeps the logs of npm',
    dockerfile: withRoot('RUN npm pack is-number@7.0.0 && rm *.tgz'),
    seen: 'two builds give two digests, for /root/.npm/_…',
    piece: {
      title: "A package manager's cache and logs in a layer",
      why: 'They have times in them, so the same commit gives another image each time, and nobody can check what was built.',
      repaired: withRoot(
        'RUN --mount=type=cache,target=/root/.npm NODE_DISABLE_COMPILE_CACHE=1 npm pack is-number@7.0.0 && rm *.tgz',
      ),
    },
  },
  {
    check: 'reproducible',
    mistake: 'keeps the lists and logs of apt',
    dockerfile: withRoot('RUN apt-get update && apt-get install -y tini'),
    seen: 'two builds give two digests, for /var/…',
    piece: {
      title: "apt's lists and logs in a layer",
      why: 'They are another text each day, and tens of megabytes that nothing reads.',
      linted: ['DL3009', 'DL3015'],
      repaired: withRoot(
        'RUN apt-get update && apt-get install -y --no-install-recommends tini && \\',
        '    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/ldconfig',
      ),
      rules: ["Don't install unnecessary packages"],
    },
  },
  {
    check: 'budget',
    mistake: 'adds more than it declares',
    dockerfile: withRoot('RUN head -c 3000000 /dev/urandom > /app/model'),
    seen: /^budget: it adds 3\.0 MB and not 0\.1\./,
  },
]

/** What another build runs, after a change that should not or should concern it. */
export interface Rebuilt {
  mistake: string
  dockerfile: string
  /** Of the context and of the Dockerfile: what is replaced by what. */
  change: { file?: string; from?: string; to: string }
  /** How the instruction begins. */
  instruction: string
  /** What the mistaken one does; the repaired one does the other. */
  runs: boolean
  seen: string
  piece: Piece
}

const installing = ['COPY deps ./', 'RUN npm ci', 'COPY server.mjs health.mjs ./']

export const rebuilt: Rebuilt[] = [
  {
    mistake: 'copies everything before it installs',
    dockerfile: copying('COPY deps server.mjs health.mjs ./', 'RUN npm ci'),
    change: { file: 'server.mjs', to: '// one more line\n' },
    instruction: 'RUN npm ci',
    runs: true,
    seen: 'after one changed line of server.mjs, `RUN npm ci` runs again',
    piece: {
      title: 'Sources copied before dependencies are installed',
      why: 'Each commit then installs everything again, on every machine that builds.',
      repaired: copying(...installing),
      rules: ['Leverage build cache'],
      exercise: 'cache-order',
    },
  },
  {
    mistake: 'takes a revision before it installs',
    dockerfile: copying('ARG REVISION=1', ...installing),
    change: { from: 'REVISION=1', to: 'REVISION=2' },
    instruction: 'RUN npm ci',
    runs: true,
    seen: 'with another value of REVISION, `RUN npm ci` runs again',
    piece: {
      title: 'An ARG that changes with each commit, above what takes long',
      why: 'Every RUN below an ARG depends on its value, whether it uses it or not.',
      repaired: copying(...installing, 'ARG REVISION=1'),
      rules: ['Leverage build cache'],
      exercise: 'cache-order',
    },
  },
  {
    mistake: 'updates its lists in an instruction of its own',
    dockerfile: withRoot('RUN apt-get update', 'RUN apt-get install -y --no-install-recommends tini'),
    change: { from: 'recommends tini', to: 'recommends dumb-init' },
    instruction: 'RUN apt-get update',
    runs: false,
    seen: 'with another package to install, `RUN apt-get update` stays as old as the cache',
    piece: {
      title: 'apt-get update on its own',
      why: 'It is cached for weeks. What is installed is then looked for where the mirror no longer has it.',
      linted: ['DL3059'],
      repaired: withRoot('RUN apt-get update && apt-get install -y --no-install-recommends tini'),
      rules: ['4.7 '],
      exercise: 'before-17-06',
    },
  },
]

/** What is built twice from nothing, with two digests. */
export const twice: { mistake: string; dockerfile: string; seen: string; piece: Piece }[] = [
  {
    mistake: 'writes down when it was built',
    dockerfile: withRoot('RUN date +%N > built-at'),
    seen: 'two builds from nothing give two digests',
    piece: {
      title: 'The time of the build in a file',
      why: 'The same commit gives another image each time, so a registry and every machine store it again.',
    },
  },
]

/** What the gallery shows. */
export const pieces = [...broken, ...rebuilt, ...twice].flatMap(({ piece, ...each }) =>
  piece ? [{ ...each, piece }] : [],
)
